"""The OpenAI-compatible API, used by OpenAI's own Python client.

    openai_client.py PATH_OF_LECTERN PATH_OF_EMBEDDING_MODEL
"""

import base64
import io
import json
import math
import time
import wave

import openai
import pydantic

import lectern
import vendor
from lectern import DOCUMENT

QUESTION = {"role": "user", "content": lectern.QUESTION}
CLOCK = {
    "type": "function",
    "function": {
        "name": "clock",
        "description": "Tells the time.",
        "parameters": {"type": "object", "properties": {"zone": {"type": "string"}}, "required": ["zone"]},
    },
}
PICTURE = "data:image/png;base64," + base64.b64encode(vendor.PNG).decode()


class Opening(pydantic.BaseModel):
    place: str
    hour: int


class APITest(lectern.ServerTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.client = openai.OpenAI(base_url=cls.server.origin + "/v1", api_key=cls.server.key, max_retries=0)
        cls.addClassCleanup(cls.client.close)
        cls.beside = openai.OpenAI(base_url=cls.server.api + "/openai", api_key=cls.server.key, max_retries=0)
        cls.addClassCleanup(cls.beside.close)

    def complete(self, *messages, model="harbour", **options):
        return self.client.chat.completions.create(model=model, messages=messages or [QUESTION], **options)


class ModelTests(APITest):
    def test_workspaces_are_listed_and_retrieved(self):
        models = {model.id: model for model in self.client.models.list()}
        self.assertEqual(sorted(models), ["empty", "harbour", "third"])
        self.assertEqual(self.client.models.retrieve("harbour"), models["harbour"])
        self.assertEqual(models["harbour"].object, "model")
        with self.assertRaises(openai.NotFoundError) as caught:
            self.client.models.retrieve("nothing")
        self.assertEqual((caught.exception.code, caught.exception.param), ("model_not_found", "model"))

    def test_a_wrong_key_is_no_way_in(self):
        with openai.OpenAI(base_url=self.client.base_url, api_key="wrong", max_retries=0) as client:
            with self.assertRaises(openai.AuthenticationError) as caught:
                client.models.list()
        self.assertEqual(caught.exception.code, "invalid_api_key")
        with openai.OpenAI(base_url=self.beside.base_url, api_key="wrong", max_retries=0) as client:
            with self.assertRaises(openai.PermissionDeniedError) as caught:
                client.models.list()
        # The reason stands in the error object, and so in what people see.
        self.assertIn("Invalid API Key", caught.exception.message)
        self.assertIsInstance(caught.exception.body, dict)

    def test_the_address_beside_the_developer_api_answers_alike(self):
        self.assertEqual(list(self.beside.models.list()), list(self.client.models.list()))
        self.vendor.expect(vendor.text("At seven."))
        answer = self.beside.chat.completions.create(model="harbour", messages=[QUESTION])
        self.assertEqual(answer.choices[0].message.content, "At seven.")


class CompletionTests(APITest):
    def test_a_whole_answer_has_usage_and_sources(self):
        self.vendor.expect(vendor.text("At ", "seven."))
        answer = self.complete()
        self.assertEqual(answer.choices[0].message.content, "At seven.")
        self.assertEqual((answer.choices[0].finish_reason, answer.object), ("stop", "chat.completion"))
        usage = answer.usage
        self.assertEqual((usage.prompt_tokens, usage.completion_tokens, usage.total_tokens), (40, 2, 42))
        self.assertIn(DOCUMENT, answer.model_extra["sources"][0]["chunk"])
        self.assertIn(DOCUMENT, self.asked["messages"][0]["content"])
        self.assertNotIn("tools", self.asked)

    def test_a_conversation_goes_to_the_model_in_order(self):
        self.vendor.expect(vendor.text("Forty."))
        self.complete(
            {"role": "system", "content": "Be brief."},
            QUESTION,
            {"role": "assistant", "content": "At seven."},
            {"role": "developer", "content": "And kind."},
            {"role": "user", "content": [{"type": "text", "text": "What does the crane lift?"}]},
        )
        messages = self.asked["messages"]
        self.assertEqual([message["role"] for message in messages], ["system", "user", "assistant", "user"])
        self.assertTrue(messages[0]["content"].startswith("Be brief.\n\nAnd kind."))
        self.assertEqual(
            [message["content"] for message in messages[1:]],
            ["When does the harbour open?", "At seven.", "What does the crane lift?"],
        )

    def test_documents_can_be_left_out(self):
        self.vendor.expect(vendor.text("I do not know."))
        answer = self.complete(extra_body={"use_documents": False})
        self.assertEqual(answer.model_extra["sources"], [])
        self.assertNotIn(DOCUMENT, json.dumps(self.asked))

    def test_options_reach_the_model(self):
        self.vendor.expect(vendor.text("x", finish_reason="length"))
        options = {
            "temperature": 0.2, "top_p": 0.9, "max_tokens": 7, "stop": ["END"], "seed": 42,
            "presence_penalty": 0.5, "frequency_penalty": -0.5, "reasoning_effort": "low",
            "logit_bias": {"50256": -100},
        }
        answer = self.complete(**options)
        self.assertEqual(answer.choices[0].finish_reason, "length")
        self.assertEqual({key: self.asked[key] for key in options}, options)
        self.complete(max_completion_tokens=9, temperature=None)
        self.assertIn(9, [self.asked.get("max_tokens"), self.asked.get("max_completion_tokens")])

    def test_a_picture_reaches_the_model(self):
        self.vendor.expect(vendor.text("A crane."))
        picture = {"type": "image_url", "image_url": {"url": PICTURE}}
        self.complete({"role": "user", "content": [{"type": "text", "text": "What is this?"}, picture]})
        parts = self.asked["messages"][-1]["content"]
        self.assertEqual(parts[0], {"type": "text", "text": "What is this?"})
        self.assertEqual(parts[1]["image_url"]["url"], PICTURE)

    def test_a_form_is_kept_and_parsed(self):
        self.vendor.expect(vendor.text('{"place":"harbour",', '"hour":7}'))
        answer = self.client.chat.completions.parse(model="harbour", messages=[QUESTION], response_format=Opening)
        self.assertEqual(answer.choices[0].message.parsed, Opening(place="harbour", hour=7))
        form = self.asked["response_format"]
        self.assertEqual((form["type"], form["json_schema"]["name"]), ("json_schema", "Opening"))
        self.assertEqual(sorted(form["json_schema"]["schema"]["properties"]), ["hour", "place"])

    def test_query_mode_refuses_in_words(self):
        self.vendor.expect(vendor.failure(500, "is not asked"))
        answer = self.complete(model="empty")
        self.assertIn("no relevant information", answer.choices[0].message.content)
        self.assertEqual((answer.choices[0].finish_reason, self.vendor.requests), ("stop", []))
        parsed = self.client.chat.completions.parse(model="empty", messages=[QUESTION], response_format=Opening)
        self.assertIsNone(parsed.choices[0].message.parsed)
        self.assertIn("no relevant information", parsed.choices[0].message.refusal)


class StreamTests(APITest):
    def test_a_stream_ends_with_sources_and_usage(self):
        self.vendor.expect(vendor.text("At ", "seven", ': data: "now"\n\n.'))
        chunks = list(self.complete(stream=True))
        self.assertTrue(all(chunk.object == "chat.completion.chunk" and chunk.id == chunks[0].id for chunk in chunks))
        self.assertEqual("".join(chunk.choices[0].delta.content for chunk in chunks), 'At seven: data: "now"\n\n.')
        self.assertEqual([chunk.choices[0].delta.role for chunk in chunks][:2], ["assistant", None])
        self.assertEqual([chunk.choices[0].finish_reason for chunk in chunks][-2:], [None, "stop"])
        self.assertEqual(chunks[-1].usage.total_tokens, 43)
        self.assertIn(DOCUMENT, chunks[-1].model_extra["sources"][0]["chunk"])

    def test_usage_comes_in_a_chunk_of_its_own_where_it_is_asked_for(self):
        self.vendor.expect(vendor.text("At ", "seven."))
        chunks = list(self.complete(stream=True, stream_options={"include_usage": True}))
        self.assertEqual((chunks[-1].choices, chunks[-1].usage.total_tokens), ([], 42))
        self.assertTrue(all(chunk.usage is None for chunk in chunks[:-1]))

    def test_the_clients_own_accumulation_gives_the_whole_answer(self):
        self.vendor.expect(vendor.text("At ", "seven."))
        with self.client.chat.completions.stream(model="harbour", messages=[QUESTION]) as stream:
            pieces = [event.delta for event in stream if event.type == "content.delta"]
            answer = stream.get_final_completion()
        self.assertEqual("".join(pieces), "At seven.")
        self.assertEqual(answer.choices[0].message.content, "At seven.")

    def test_reasoning_stays_apart_from_the_answer(self):
        self.vendor.expect(vendor.text("At ", "seven.", reasoning=["Let me ", "see."]))
        deltas = [chunk.choices[0].delta for chunk in self.complete(stream=True)]
        self.assertEqual("".join(delta.content for delta in deltas), "At seven.")
        thoughts = [delta.model_extra.get("reasoning_content", "") for delta in deltas]
        self.assertEqual("".join(thoughts), "Let me see.")
        message = self.complete().choices[0].message
        self.assertEqual((message.content, message.model_extra["reasoning_content"]), ("At seven.", "Let me see."))

    def test_an_answer_that_breaks_off_is_an_error(self):
        self.vendor.expect(vendor.broken("At ", message="out of ink"))
        pieces = []
        with self.assertRaises(openai.APIError) as caught:
            for chunk in self.complete(stream=True):
                pieces.append(chunk.choices[0].delta.content)
        self.assertEqual(pieces, ["At "])
        self.assertIn("out of ink", caught.exception.message)


class ToolTests(APITest):
    def test_calls_come_back_and_their_results_go_in(self):
        self.vendor.expect(vendor.calls(("c1", "clock", '{"zone":"UTC"}')), vendor.text("It is open."))
        first = self.complete(tools=[CLOCK], tool_choice="auto")
        self.assertEqual(self.asked["tools"], [CLOCK])
        message = first.choices[0].message
        self.assertEqual((first.choices[0].finish_reason, message.content), ("tool_calls", None))
        call = message.tool_calls[0]
        self.assertEqual((call.id, call.function.name, call.function.arguments), ("c1", "clock", '{"zone":"UTC"}'))
        second = self.complete(
            QUESTION, message, {"role": "tool", "tool_call_id": call.id, "content": "08:00"}, tools=[CLOCK]
        )
        self.assertEqual(second.choices[0].message.content, "It is open.")
        sent = self.asked["messages"]
        self.assertEqual([message["role"] for message in sent], ["system", "user", "assistant", "tool"])
        self.assertEqual(sent[2]["tool_calls"][0]["function"], {"name": "clock", "arguments": '{"zone":"UTC"}'})
        self.assertEqual((sent[3]["tool_call_id"], sent[3]["content"]), ("c1", "08:00"))

    def test_calls_in_a_stream_are_put_together_by_the_client(self):
        self.vendor.expect(vendor.calls(("c1", "clock", '{"zone":"UTC"}'), ("c2", "clock", '{"zone":"CET"}')))
        with self.client.chat.completions.stream(model="harbour", messages=[QUESTION], tools=[CLOCK]) as stream:
            answer = stream.get_final_completion()
        calls = answer.choices[0].message.tool_calls
        arguments = {call.id: call.function.arguments for call in calls}
        self.assertEqual(arguments, {"c1": '{"zone":"UTC"}', "c2": '{"zone":"CET"}'})
        self.assertEqual(answer.choices[0].finish_reason, "tool_calls")

    def test_the_workspaces_own_tools_are_not_run(self):
        self.vendor.expect(vendor.calls(("c1", "search_documents", '{"query":"crane"}')), vendor.text("never said"))
        answer = self.complete({"role": "user", "content": "@agent When does the harbour open?"}, tools=[CLOCK])
        self.assertEqual([tool["function"]["name"] for tool in self.asked["tools"]], ["clock"])
        self.assertEqual((len(self.vendor.requests), answer.choices[0].finish_reason), (1, "tool_calls"))


class ChoiceTests(APITest):
    def test_several_choices(self):
        self.vendor.expect(vendor.text("At ", "seven."))
        answer = self.complete(n=3)
        self.assertEqual([choice.index for choice in answer.choices], [0, 1, 2])
        self.assertEqual({choice.message.content for choice in answer.choices}, {"At seven."})
        self.assertEqual((answer.usage.prompt_tokens, answer.usage.completion_tokens), (120, 6))
        texts = ["", "", ""]
        for chunk in self.complete(n=3, stream=True):
            for choice in chunk.choices:
                texts[choice.index] += choice.delta.content
        self.assertEqual(texts, ["At seven."] * 3)

    def test_probabilities(self):
        token = {"token": "At", "logprob": -0.5, "bytes": [65, 116], "top_logprobs": []}
        reply = vendor.text("At")
        reply["chunks"][0]["choices"][0]["logprobs"] = {"content": [token]}
        self.vendor.expect(reply)
        answer = self.complete(logprobs=True, top_logprobs=2)
        self.assertEqual(answer.choices[0].logprobs.content[0].logprob, -0.5)
        self.assertEqual((self.asked["logprobs"], self.asked["top_logprobs"]), (True, 2))
        told = [choice.logprobs for chunk in self.complete(logprobs=True, stream=True) for choice in chunk.choices]
        self.assertEqual([item.content[0].token for item in told if item], ["At"])
        self.vendor.expect(vendor.text("At"))
        self.assertIsNone(self.complete(logprobs=True).choices[0].logprobs)

    def test_functions_by_their_old_name(self):
        function = CLOCK["function"]
        self.vendor.expect(vendor.calls(("c1", "clock", '{"zone":"UTC"}')), vendor.text("Noon."))
        choice = self.complete(functions=[function], function_call="auto").choices[0]
        self.assertEqual((choice.finish_reason, choice.message.function_call.name), ("function_call", "clock"))
        self.assertEqual(choice.message.function_call.arguments, '{"zone":"UTC"}')
        answer = self.complete(
            QUESTION, choice.message.model_dump(exclude_none=True),
            {"role": "function", "name": "clock", "content": "12:00"}, functions=[function])
        self.assertEqual(answer.choices[0].message.content, "Noon.")
        roles = [message["role"] for message in self.asked["messages"]]
        self.assertEqual(roles, ["system", "user", "assistant", "tool"])
        self.vendor.expect(vendor.calls(("c1", "clock", '{"zone":"UTC"}')))
        name, arguments = "", ""
        for chunk in self.complete(functions=[function], stream=True):
            call = chunk.choices[0].delta.function_call
            name += call.name or "" if call else ""
            arguments += call.arguments if call else ""
        self.assertEqual((name, arguments), ("clock", '{"zone":"UTC"}'))

    def test_what_no_model_here_can_give_is_left_out(self):
        self.vendor.expect(vendor.text("At seven."))
        answer = self.complete(
            modalities=["text", "audio"], audio={"voice": "alloy", "format": "wav"}, service_tier="auto", store=True,
            metadata={"a": "b"}, user="u", verbosity="low", prediction={"type": "content", "content": "At"},
            web_search_options={})
        self.assertEqual(answer.choices[0].message.content, "At seven.")


class ErrorTests(APITest):
    def test_what_is_wrong_is_named(self):
        self.vendor.expect(vendor.failure(500, "is not asked"))
        for options, parameter in [
            ({"temperature": 3}, "temperature"), ({"max_tokens": 0}, "max_tokens"), ({"n": 9}, "n"),
            ({"top_logprobs": 21}, "top_logprobs"), ({"stop": ""}, "stop"),
            ({"tool_choice": "required"}, "tool_choice"),
            ({"response_format": {"type": "xml"}}, "response_format.type"),
        ]:
            with self.subTest(parameter), self.assertRaises(openai.BadRequestError) as caught:
                self.complete(**options)
            self.assertEqual((caught.exception.param, caught.exception.type), (parameter, "invalid_request_error"))
        self.assertEqual(self.vendor.requests, [])

    def test_a_model_that_is_no_workspace(self):
        with self.assertRaises(openai.NotFoundError) as caught:
            self.complete(model="gpt-4o")
        self.assertEqual(caught.exception.code, "model_not_found")
        with self.assertRaises(openai.AuthenticationError) as caught:
            self.beside.chat.completions.create(model="gpt-4o", messages=[QUESTION])
        self.assertEqual(caught.exception.code, "model_not_found")

    def test_a_vendor_that_refuses(self):
        self.vendor.expect(vendor.failure(400, "no such prompt"))
        for options in {}, {"stream": True}:
            with self.subTest(**options), self.assertRaises(openai.BadRequestError) as caught:
                list(self.complete(**options))
            self.assertIn("no such prompt", caught.exception.message)

    def test_failures_that_pass_are_tried_again_by_the_client(self):
        for status, error in (429, openai.RateLimitError), (503, openai.InternalServerError):
            for options in {}, {"stream": True}:
                with self.subTest(status=status, **options):
                    # The server asks three times by itself.
                    refusals = [vendor.failure(status, "later", retry_after=0)] * 3
                    self.vendor.expect(*refusals, vendor.text("At seven."))
                    with self.assertRaises(error) as caught:
                        self.complete(**options)
                    self.assertEqual(caught.exception.response.headers["retry-after"], "0")
                    self.vendor.expect(*refusals, vendor.text("At seven."))
                    answer = self.client.with_options(max_retries=1).chat.completions.create(
                        model="harbour", messages=[QUESTION], **options)
                    text = (
                        "".join(chunk.choices[0].delta.content for chunk in answer if chunk.choices)
                        if options else answer.choices[0].message.content)
                    self.assertEqual((text, len(self.vendor.requests)), ("At seven.", 4))


class DisconnectTests(APITest):
    def test_the_vendor_stops_with_the_client(self):
        self.vendor.expect(vendor.hanging())
        with self.assertRaises(openai.APITimeoutError):
            self.complete(timeout=0.5)
        self.report("a whole answer", time.monotonic())
        self.vendor.expect(vendor.hanging("At "))
        stream = self.complete(stream=True)
        self.assertEqual(next(iter(stream)).choices[0].delta.content, "At ")
        left = time.monotonic()
        stream.close()
        self.report("a stream", left)

    def report(self, kind, left):
        self.assertTrue(self.vendor.disconnected.wait(timeout=30), "the vendor is still busy")
        milliseconds = (self.vendor.disconnected_at - left) * 1000
        print(f"\n  {kind}: the vendor was left {milliseconds:.0f} ms after its client had gone")


class EmbeddingTests(APITest):
    def embed(self, value, model="all-MiniLM-L6-v2", **options):
        return self.client.embeddings.create(model=model, input=value, **options)

    def test_base64_and_numbers_are_the_same(self):
        packed = self.embed(["harbour", "crane"])
        plain = self.embed(["harbour", "crane"], encoding_format="float")
        self.assertEqual([item.index for item in packed.data], [0, 1])
        for a, b in zip(packed.data, plain.data):
            self.assertEqual(len(a.embedding), 384)
            self.assertTrue(all(math.isclose(x, y, abs_tol=1e-7) for x, y in zip(a.embedding, b.embedding)))
        self.assertEqual(packed.usage, plain.usage)
        self.assertGreater(packed.usage.prompt_tokens, 0)

    def test_a_text_its_tokens_and_a_list_of_it(self):
        vectors = [self.embed(value).data[0].embedding for value in ("harbour", ["harbour"])]
        # 7440 is "harbour" in the model's vocabulary, which tokens are of where no model is named.
        vectors += [self.embed(value, model="").data[0].embedding for value in ([7440], [[7440]])]
        for vector in vectors[1:]:
            self.assertEqual(vector, vectors[0])

    def test_tokens_of_openais_vocabulary(self):
        # "hello world" in cl100k_base, as LangChain sends it.
        text = self.embed("hello world").data[0].embedding
        for model in "text-embedding-3-small", "whatever", "all-MiniLM-L6-v2":
            self.assertEqual(self.embed([[15339, 1917]], model=model).data[0].embedding, text)
        for tokens, model in ([[10**6]], "text-embedding-3-small"), ([[15339]], "gpt-4o"):
            with self.assertRaises(openai.BadRequestError):
                self.embed(tokens, model=model)

    def test_fewer_dimensions(self):
        vector = self.embed("harbour", dimensions=64).data[0].embedding
        self.assertEqual(len(vector), 64)
        self.assertAlmostEqual(sum(number * number for number in vector), 1, places=5)

    def test_what_cannot_be_embedded(self):
        for value, options, parameter in [
            ("", {}, "input"), ([], {}, "input"), ([10**6], {}, "input"), ("x", {"dimensions": 385}, "dimensions"),
        ]:
            with self.subTest(value=value), self.assertRaises(openai.BadRequestError) as caught:
                self.embed(value, **options)
            self.assertEqual(caught.exception.param, parameter)


class VectorStoreTests(APITest):
    def test_stores_are_paged_through(self):
        whole = [store.id for store in self.client.vector_stores.list()]
        self.assertEqual(sorted(whole), ["empty", "harbour", "third"])
        self.assertEqual([store.id for store in self.client.vector_stores.list(limit=1)], whole)
        self.assertEqual([store.id for store in self.client.vector_stores.list(limit=2, order="desc")], whole[::-1])

    def test_a_store_is_retrieved_and_searched(self):
        store = self.client.vector_stores.retrieve("harbour")
        self.assertEqual((store.name, store.file_counts.completed, store.status), ("Harbour", 1, "completed"))
        found = self.client.vector_stores.search("harbour", query="crane").data
        self.assertIn(DOCUMENT, found[0].content[0].text)
        with self.assertRaises(openai.NotFoundError):
            self.client.vector_stores.retrieve("nothing")


class ImageTests(APITest):
    def test_a_picture_is_made(self):
        self.vendor.expect(vendor.text("is not asked"))
        answer = self.client.images.generate(model="any", prompt="a harbour", size="512x512")
        self.assertEqual(base64.b64decode(answer.data[0].b64_json), vendor.PNG)
        self.assertGreater(answer.created, 0)
        self.assertEqual(self.asked, {"model": "sd", "prompt": "a harbour", "size": "512x512", "n": 1})

    def test_a_picture_without_words(self):
        with self.assertRaises(openai.BadRequestError):
            self.client.images.generate(model="any", prompt=" ")


class ResponseTests(APITest):
    def respond(self, input=lectern.QUESTION, model="harbour", **options):
        return self.client.responses.create(model=model, input=input, **options)

    def test_a_whole_response(self):
        self.vendor.expect(vendor.text("At ", "seven [1]."))
        response = self.respond(instructions="Be brief.", temperature=0.2, max_output_tokens=50, metadata={"a": "b"})
        self.assertEqual((response.output_text, response.status), ("At seven [1].", "completed"))
        self.assertEqual((response.usage.input_tokens, response.usage.total_tokens), (40, 42))
        self.assertEqual((response.metadata, response.instructions), ({"a": "b"}, "Be brief."))
        citation = response.output[0].content[0].annotations[0]
        self.assertEqual((citation.type, citation.filename, citation.index), ("file_citation", "harbour.txt", 9))
        self.assertEqual(self.client.files.retrieve(citation.file_id).filename, "harbour.txt")
        self.assertIn(DOCUMENT, response.model_extra["sources"][0]["chunk"])
        self.assertTrue(self.asked["messages"][0]["content"].startswith("Be brief."))
        self.assertEqual(self.asked["temperature"], 0.2)

    def test_a_response_is_kept_until_it_is_deleted(self):
        self.vendor.expect(vendor.text("At seven."))
        response = self.respond()
        self.assertEqual(self.client.responses.retrieve(response.id).model_dump(), response.model_dump())
        items = list(self.client.responses.input_items.list(response.id))
        self.assertEqual([(item.role, item.content[0].text) for item in items], [("user", lectern.QUESTION)])
        with self.assertRaises(openai.BadRequestError):
            self.client.responses.cancel(response.id)
        self.client.responses.delete(response.id)
        with self.assertRaises(openai.NotFoundError):
            self.client.responses.retrieve(response.id)
        with self.assertRaises(openai.NotFoundError):
            self.client.responses.retrieve(self.respond(store=False).id)

    def test_a_response_goes_on_from_another(self):
        self.vendor.expect(vendor.text("At seven."), vendor.text("Forty tons."))
        first = self.respond()
        second = self.respond("What does the crane lift?", previous_response_id=first.id)
        self.assertEqual(second.previous_response_id, first.id)
        self.assertEqual(
            [message["content"] for message in self.asked["messages"][1:]],
            [lectern.QUESTION, "At seven.", "What does the crane lift?"])
        with self.assertRaises(openai.BadRequestError) as caught:
            self.respond(previous_response_id="resp_none")
        self.assertEqual(caught.exception.code, "previous_response_not_found")

    def test_the_events_of_a_stream(self):
        self.vendor.expect(vendor.text("At ", "seven [1].", reasoning=["Let me ", "see."]))
        events = list(self.respond(stream=True))
        self.assertEqual([event.sequence_number for event in events], list(range(len(events))))
        self.assertEqual(
            [event.type.removeprefix("response.") for event in events],
            ["created", "in_progress", "output_item.added", "content_part.added", "reasoning_text.delta",
             "reasoning_text.delta", "reasoning_text.done", "content_part.done", "output_item.done",
             "output_item.added", "content_part.added", "output_text.delta", "output_text.delta",
             "output_text.annotation.added", "output_text.done", "content_part.done", "output_item.done", "completed"])
        self.assertEqual(events[-1].response.output_text, "At seven [1].")
        self.assertEqual(events[-1].response.output[0].content[0].text, "Let me see.")

    def test_the_clients_own_accumulation_gives_the_whole_response(self):
        self.vendor.expect(vendor.text("At ", "seven."))
        with self.client.responses.stream(model="harbour", input=lectern.QUESTION) as stream:
            pieces = [event.delta for event in stream if event.type == "response.output_text.delta"]
            response = stream.get_final_response()
        self.assertEqual((pieces, response.output_text), (["At ", "seven."], "At seven."))

    def test_functions_are_called_and_their_results_go_back(self):
        tool = {"type": "function", "strict": True, **CLOCK["function"]}
        self.vendor.expect(vendor.calls(("c1", "clock", '{"zone":"UTC"}')), vendor.text("Noon."))
        with self.client.responses.stream(model="harbour", input="Time?", tools=[tool]) as stream:
            events = [event for event in stream if event.type.startswith("response.function_call")]
            response = stream.get_final_response()
        self.assertEqual("".join(event.delta for event in events if event.type.endswith("delta")), '{"zone":"UTC"}')
        call = response.output[0]
        self.assertEqual((call.type, call.call_id, call.name, call.arguments),
                         ("function_call", "c1", "clock", '{"zone":"UTC"}'))
        self.assertEqual(self.asked["tools"][0]["function"]["name"], "clock")
        result = {"type": "function_call_output", "call_id": "c1", "output": "12:00"}
        answer = self.respond([result], previous_response_id=response.id, tools=[tool])
        self.assertEqual(answer.output_text, "Noon.")
        self.assertEqual(
            [message["role"] for message in self.asked["messages"]], ["system", "user", "assistant", "tool"])

    def test_a_form_is_kept_and_parsed(self):
        self.vendor.expect(vendor.text('{"place":"harbour",', '"hour":7}'))
        response = self.client.responses.parse(model="harbour", input=lectern.QUESTION, text_format=Opening)
        self.assertEqual(response.output_parsed, Opening(place="harbour", hour=7))
        self.assertEqual(self.asked["response_format"]["json_schema"]["name"], "Opening")

    def test_vector_stores_are_searched(self):
        self.vendor.expect(vendor.text("At seven [1]."))
        search = {"type": "file_search", "vector_store_ids": ["harbour"], "max_num_results": 2}
        response = self.respond(model="third", tools=[search], include=["file_search_call.results"])
        self.assertEqual([item.type for item in response.output], ["file_search_call", "message"])
        self.assertEqual(response.output[0].queries, [lectern.QUESTION])
        self.assertEqual(response.output[0].results[0].filename, "harbour.txt")
        self.assertEqual(response.output[1].content[0].annotations[0].file_id, response.output[0].results[0].file_id)
        self.assertIn(DOCUMENT, self.asked["messages"][0]["content"])
        types = [event.type for event in self.respond(model="third", tools=[search], stream=True)]
        self.assertEqual(
            [kind for kind in types if "file_search" in kind],
            [f"response.file_search_call.{step}" for step in ("in_progress", "searching", "completed")])

    def test_what_is_wrong_is_named_and_what_passes_is_tried_again(self):
        for options, parameter in [
            ({"temperature": 3}, "temperature"), ({"tools": [{"type": "web_search"}]}, "tools[0].type"),
            ({"background": True}, "background"),
        ]:
            with self.subTest(parameter), self.assertRaises(openai.BadRequestError) as caught:
                self.respond(**options)
            self.assertEqual(caught.exception.param, parameter)
        with self.assertRaises(openai.NotFoundError) as caught:
            self.respond(model="gpt-4o")
        self.assertEqual(caught.exception.code, "model_not_found")
        refusals = [vendor.failure(429, "later", retry_after=0)] * 3
        for options in {}, {"stream": True}:
            self.vendor.expect(*refusals, vendor.text("At seven."))
            with self.assertRaises(openai.RateLimitError):
                self.respond(**options)
        self.vendor.expect(*refusals, vendor.text("At seven."))
        retried = self.client.with_options(max_retries=1).responses.create(model="harbour", input="x")
        self.assertEqual(retried.output_text, "At seven.")
        self.vendor.expect(vendor.broken("At ", message="out of ink"))
        events = list(self.respond(stream=True))
        self.assertEqual((events[-1].type, events[-1].response.status), ("response.failed", "failed"))
        self.assertIn("out of ink", events[-1].response.error.message)


class FileTests(APITest):
    def upload(self, text="The ferry leaves at nine.", name="ferry.txt"):
        return self.client.files.create(file=(name, text.encode()), purpose="user_data")

    def test_files_are_uploaded_listed_read_and_deleted(self):
        file = self.upload()
        self.assertEqual((file.filename, file.bytes, file.purpose, file.status), ("ferry.txt", 25, "user_data", "processed"))
        self.assertEqual(self.client.files.retrieve(file.id), file)
        self.assertEqual(self.client.files.wait_for_processing(file.id), file)
        self.assertEqual(self.client.files.content(file.id).text, "The ferry leaves at nine.")
        self.assertIn(file.id, [entry.id for entry in self.client.files.list()])
        self.assertEqual({entry.filename for entry in self.client.files.list(limit=1)}, {"ferry.txt", "harbour.txt"})
        self.assertTrue(self.client.files.delete(file.id).deleted)
        with self.assertRaises(openai.NotFoundError):
            self.client.files.retrieve(file.id)

    def test_what_cannot_be_read_is_said(self):
        for name, text, purpose in ("a.txt", "x", "fine-tune"), ("a.txt", " ", "user_data"):
            with self.assertRaises(openai.BadRequestError):
                self.client.files.create(file=(name, text.encode()), purpose=purpose)

    def test_vector_stores_are_made_filled_searched_and_deleted(self):
        stores = self.client.vector_stores
        store = stores.create(name="Ferries", metadata={"line": "north"})
        self.assertEqual((store.id, store.name, store.metadata), ("ferries", "Ferries", {"line": "north"}))
        first = stores.files.create_and_poll(vector_store_id=store.id, file_id=self.upload().id)
        self.assertEqual((first.status, first.last_error), ("completed", None))
        self.assertGreater(first.usage_bytes, 0)
        second = stores.files.upload_and_poll(vector_store_id=store.id, file=("cat.txt", b"The cat sleeps on board."))
        self.assertEqual(second.status, "completed")
        files = [self.upload(f"The {name} ferry.", f"{name}.txt").id for name in ("red", "blue", "green")]
        batch = stores.file_batches.create_and_poll(vector_store_id=store.id, file_ids=files)
        self.assertEqual((batch.status, batch.file_counts.completed, batch.file_counts.total), ("completed", 3, 3))
        listed = stores.file_batches.list_files(batch.id, vector_store_id=store.id)
        self.assertEqual({file.id for file in listed}, set(files))
        self.assertEqual(stores.retrieve(store.id).file_counts.completed, 5)
        found = stores.search(store.id, query="Where does the cat sleep?").data[0]
        self.assertEqual((found.file_id, found.content[0].text), (second.id, "The cat sleeps on board."))
        self.assertEqual(list(stores.files.content(second.id, vector_store_id=store.id))[0].text, found.content[0].text)
        self.assertTrue(stores.files.delete(second.id, vector_store_id=store.id).deleted)
        self.assertEqual(len(list(stores.files.list(store.id))), 4)
        self.assertEqual(stores.update(store.id, name="Boats").name, "Boats")
        self.assertTrue(stores.delete(store.id).deleted)
        with self.assertRaises(openai.NotFoundError):
            stores.retrieve(store.id)


class AudioTests(APITest):
    @property
    def recording(self):
        sound = io.BytesIO()
        with wave.open(sound, "wb") as file:
            file.setparams((1, 2, 16000, 0, "NONE", ""))
            file.writeframes(bytes(32000))
        return "speech.wav", sound.getvalue()

    def test_recordings_are_heard_and_translated(self):
        audio = self.client.audio
        self.assertEqual(audio.transcriptions.create(model="whisper-1", file=self.recording).text, vendor.SPEECH)
        verbose = audio.transcriptions.create(
            model="whisper-1", file=self.recording, language="en", response_format="verbose_json",
            timestamp_granularities=["segment"])
        self.assertEqual([(part.start, part.end) for part in verbose.segments], [(0, 1.5)])
        srt = audio.transcriptions.create(model="whisper-1", file=self.recording, response_format="srt")
        self.assertIn("00:00:00,000 --> 00:00:01,500", srt)
        events = list(audio.transcriptions.create(model="whisper-1", file=self.recording, stream=True))
        self.assertEqual(events[-1].text, vendor.SPEECH)
        self.assertEqual(audio.translations.create(model="whisper-1", file=self.recording).text, vendor.TRANSLATION)

    def test_what_is_no_recording_and_what_is_not_judged(self):
        with self.assertRaises(openai.BadRequestError):
            self.client.audio.transcriptions.create(model="whisper-1", file=("a.txt", b"words"))
        with self.assertRaises(openai.BadRequestError) as caught:
            self.client.moderations.create(input="x")
        self.assertEqual(caught.exception.code, "unsupported_operation")


if __name__ == "__main__":
    lectern.main()
