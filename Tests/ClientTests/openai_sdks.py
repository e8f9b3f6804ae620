"""The OpenAI-compatible API, used by the frameworks that people build with: LangChain, LlamaIndex, LiteLLM and Pydantic AI.

    openai_sdks.py PATH_OF_LECTERN PATH_OF_EMBEDDING_MODEL
"""

import asyncio
import os

# What they would ask for on the network otherwise.
os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"

import litellm
import openai
import pydantic
from langchain_core.messages import HumanMessage, ToolMessage
from langchain_openai import ChatOpenAI, OpenAIEmbeddings
from llama_index.core.base.llms.types import ChatMessage
from llama_index.core.tools import FunctionTool
from llama_index.embeddings.openai_like import OpenAILikeEmbedding
from llama_index.llms.openai_like import OpenAILike
from pydantic_ai import Agent, NativeOutput
from pydantic_ai.exceptions import ModelHTTPError
from pydantic_ai.models.openai import OpenAIChatModel, OpenAIResponsesModel
from pydantic_ai.providers.openai import OpenAIProvider

import lectern
import vendor
from lectern import DOCUMENT, QUESTION

# It prints advice with every error otherwise.
litellm.suppress_debug_info = True
EMBEDDER = "text-embedding-3-small"


class Opening(pydantic.BaseModel):
    place: str
    hour: int


OPENING = Opening(place="harbour", hour=7)


def clock(zone: str) -> str:
    """Tells the time."""
    return "12:00 " + zone


class SDKTest(lectern.ServerTest):
    """What every framework is asked to do."""

    @property
    def base(self):
        return self.server.origin + "/v1"

    def expect_text(self):
        self.vendor.expect(vendor.text("At ", "seven."))

    def expect_call(self):
        self.vendor.expect(vendor.calls(("c1", "clock", '{"zone":"UTC"}')), vendor.text("Noon."))

    def expect_form(self):
        self.vendor.expect(vendor.text('{"place":"harbour",', '"hour":7}'))

    def assert_asked_for_form(self):
        form = self.asked["response_format"]
        self.assertEqual((form["type"], form["json_schema"]["name"]), ("json_schema", "Opening"))

    def assert_documents_were_read(self):
        self.assertIn(DOCUMENT, self.asked["messages"][0]["content"])


class LangChainTests(SDKTest):
    def chat(self, model="harbour", key=None, **options):
        return ChatOpenAI(
            base_url=self.base, api_key=key or self.server.key, model=model, max_retries=0, **options)

    def test_chat_and_stream(self):
        for options in {}, {"use_responses_api": True}:
            with self.subTest(**options):
                self.expect_text()
                answer = self.chat(**options).invoke(QUESTION)
                self.assertEqual((answer.text, answer.usage_metadata["total_tokens"]), ("At seven.", 42))
                self.assert_documents_were_read()
                pieces = [chunk.text for chunk in self.chat(**options).stream(QUESTION)]
                self.assertEqual([piece for piece in pieces if piece], ["At ", "seven."])

    def test_tools(self):
        for options in {}, {"use_responses_api": True}, {"use_responses_api": True, "use_previous_response_id": True}:
            with self.subTest(**options):
                self.expect_call()
                model = self.chat(**options).bind_tools([clock])
                question = HumanMessage("What time is it?")
                called = model.invoke([question])
                call = called.tool_calls[0]
                self.assertEqual((call["name"], call["args"]), ("clock", {"zone": "UTC"}))
                answer = model.invoke([question, called, ToolMessage("12:00", tool_call_id=call["id"])])
                self.assertEqual(answer.text, "Noon.")
                roles = [message["role"] for message in self.asked["messages"]]
                self.assertEqual(roles, ["system", "user", "assistant", "tool"])

    def test_structured_output(self):
        for options in {}, {"use_responses_api": True}:
            with self.subTest(**options):
                self.expect_form()
                model = self.chat(**options).with_structured_output(Opening, method="json_schema")
                self.assertEqual(model.invoke(QUESTION), OPENING)
                self.assert_asked_for_form()

    def test_embeddings(self):
        embedder = OpenAIEmbeddings(
            base_url=self.base, api_key=self.server.key, model=EMBEDDER, check_embedding_ctx_length=False)
        vectors = embedder.embed_documents(["harbour", "crane"])
        self.assertEqual([len(vector) for vector in vectors], [384, 384])
        self.assertEqual(embedder.embed_query("harbour"), vectors[0])

    def test_errors(self):
        with self.assertRaises(openai.NotFoundError):
            self.chat(model="gpt-4o").invoke(QUESTION)
        with self.assertRaises(openai.AuthenticationError):
            self.chat(key="wrong").invoke(QUESTION)
        self.vendor.expect(vendor.failure(429, "later", retry_after=0))
        with self.assertRaises(openai.RateLimitError):
            self.chat().invoke(QUESTION)


class LlamaIndexTests(SDKTest):
    def model(self, name="harbour", **options):
        return OpenAILike(
            model=name, api_base=self.base, api_key=self.server.key, is_chat_model=True,
            is_function_calling_model=True, max_retries=0, **options)

    def test_chat_and_stream(self):
        self.expect_text()
        answer = self.model().chat([ChatMessage(role="user", content=QUESTION)])
        self.assertEqual(answer.message.content, "At seven.")
        self.assert_documents_were_read()
        self.assertEqual(self.model().complete(QUESTION).text, "At seven.")
        pieces = [chunk.delta for chunk in self.model().stream_complete(QUESTION)]
        self.assertEqual("".join(piece for piece in pieces if piece), "At seven.")

    def test_tools(self):
        self.expect_call()
        tool = FunctionTool.from_defaults(clock)
        answer = self.model().chat_with_tools([tool], user_msg="What time is it?")
        call = self.model().get_tool_calls_from_response(answer)[0]
        self.assertEqual((call.tool_name, call.tool_kwargs), ("clock", {"zone": "UTC"}))

    def test_structured_output(self):
        self.expect_form()
        model = self.model(should_use_structured_outputs=True).as_structured_llm(Opening)
        self.assertEqual(model.complete(QUESTION).raw, OPENING)
        self.assert_asked_for_form()

    def test_embeddings(self):
        embedder = OpenAILikeEmbedding(model_name=EMBEDDER, api_base=self.base, api_key=self.server.key)
        vectors = embedder.get_text_embedding_batch(["harbour", "crane"])
        self.assertEqual([len(vector) for vector in vectors], [384, 384])
        self.assertEqual(embedder.get_query_embedding("harbour"), vectors[0])

    def test_errors(self):
        with self.assertRaises(openai.NotFoundError):
            self.model("gpt-4o").complete(QUESTION)


class LiteLLMTests(SDKTest):
    @property
    def options(self):
        return {"api_base": self.base, "api_key": self.server.key, "num_retries": 0, "max_retries": 0}

    def complete(self, model="openai/harbour", **options):
        messages = [{"role": "user", "content": QUESTION}]
        return litellm.completion(model=model, messages=messages, **{**self.options, **options})

    def respond(self, **options):
        return litellm.responses(
            model="openai/harbour", input=QUESTION, api_base=self.base, api_key=self.server.key, **options)

    def test_chat_and_stream(self):
        self.expect_text()
        answer = self.complete()
        self.assertEqual((answer.choices[0].message.content, answer.usage.total_tokens), ("At seven.", 42))
        self.assert_documents_were_read()
        pieces = [chunk.choices[0].delta.content or "" for chunk in self.complete(stream=True)]
        self.assertEqual("".join(pieces), "At seven.")

    def test_responses(self):
        self.expect_text()
        response = self.respond()
        self.assertEqual((response.output[0].content[0].text, response.status), ("At seven.", "completed"))
        events = list(self.respond(stream=True))
        deltas = [event.delta for event in events if event.type == "response.output_text.delta"]
        self.assertEqual(("".join(deltas), events[-1].type.value), ("At seven.", "response.completed"))

    def test_tools(self):
        self.expect_call()
        parameters = {"type": "object", "properties": {"zone": {"type": "string"}}}
        tools = [{"type": "function", "function": {"name": "clock", "parameters": parameters}}]
        call = self.complete(tools=tools).choices[0].message.tool_calls[0]
        self.assertEqual((call.function.name, call.function.arguments), ("clock", '{"zone":"UTC"}'))

    def test_structured_output(self):
        self.expect_form()
        answer = self.complete(response_format=Opening)
        self.assertEqual(Opening.model_validate_json(answer.choices[0].message.content), OPENING)
        self.assert_asked_for_form()

    def test_embeddings(self):
        answer = litellm.embedding(
            model="openai/" + EMBEDDER, input=["harbour", "crane"], encoding_format="float", api_base=self.base,
            api_key=self.server.key)
        self.assertEqual([len(item["embedding"]) for item in answer.data], [384, 384])

    def test_errors(self):
        with self.assertRaises(litellm.NotFoundError):
            self.complete(model="openai/gpt-4o")
        with self.assertRaises(litellm.AuthenticationError):
            self.complete(api_key="wrong")
        self.vendor.expect(vendor.failure(429, "later", retry_after=0))
        with self.assertRaises(litellm.RateLimitError):
            self.complete()


class PydanticAITests(SDKTest):
    KINDS = OpenAIChatModel, OpenAIResponsesModel

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # Its connections belong to the loop that they were made in.
        cls.loop = asyncio.new_event_loop()
        cls.addClassCleanup(cls.loop.close)

    def agent(self, kind, model="harbour", **options):
        provider = OpenAIProvider(base_url=self.base, api_key=self.server.key)
        return Agent(kind(model, provider=provider), **options)

    def ask(self, agent, question=QUESTION):
        return self.loop.run_until_complete(agent.run(question)).output

    def test_chat_and_stream(self):
        async def pieces(agent):
            async with agent.run_stream(QUESTION) as run:
                return [piece async for piece in run.stream_text(delta=True, debounce_by=None)]

        for kind in self.KINDS:
            with self.subTest(kind.__name__):
                self.expect_text()
                agent = self.agent(kind)
                self.assertEqual(self.ask(agent), "At seven.")
                self.assert_documents_were_read()
                self.assertEqual("".join(self.loop.run_until_complete(pieces(agent))), "At seven.")

    def test_tools(self):
        for kind in self.KINDS:
            with self.subTest(kind.__name__):
                self.expect_call()
                self.assertEqual(self.ask(self.agent(kind, tools=[clock]), "What time is it?"), "Noon.")
                self.assertEqual(self.asked["messages"][-1]["content"], "12:00 UTC")

    def test_structured_output(self):
        for kind in self.KINDS:
            with self.subTest(kind.__name__):
                self.expect_form()
                self.assertEqual(self.ask(self.agent(kind, output_type=NativeOutput(Opening))), OPENING)
                self.assert_asked_for_form()
                self.vendor.expect(vendor.calls(("c1", "final_result", OPENING.model_dump_json())))
                self.assertEqual(self.ask(self.agent(kind, output_type=Opening)), OPENING)

    def test_errors(self):
        for kind in self.KINDS:
            with self.subTest(kind.__name__), self.assertRaises(ModelHTTPError) as caught:
                self.ask(self.agent(kind, "gpt-4o"))
            self.assertEqual(caught.exception.status_code, 404)


if __name__ == "__main__":
    lectern.main()
