"""What goes to the server, and how what comes back is read."""

import json
import uuid

from fake_server import Hold, chunk, frame, streamed
from selenium.webdriver.common.keys import Keys
from widget_case import WidgetTests, needs_fake


@needs_fake
class StreamTests(WidgetTests):
    def stored_session(self):
        return self.browser.execute_script("return localStorage.getItem(arguments[0])", self.session_key)

    def sent(self, number=0):
        return json.loads(self.fake.requests_of(self.embed, "POST")[number]["body"])

    def test_nothing_is_asked_or_stored_before_the_first_message(self):
        widget = self.show()
        widget.find(".launcher")
        self.assertEqual(self.fake.requests_of(self.embed), [])
        widget.open()
        self.assertIsNone(self.stored_session())
        widget.ask("Hello")
        self.assertEqual([request["method"] for request in self.fake.requests_of(self.embed)], ["POST"])

    def test_who_was_here_before_is_not_asked_about_before_the_chat_is_opened(self):
        self.store_session(str(uuid.uuid4()))
        widget = self.show()
        widget.find(".launcher")
        self.assertEqual(self.fake.requests_of(self.embed), [])
        widget.open()
        widget.wait(lambda: self.fake.requests_of(self.embed, "GET"))

    def test_a_message_goes_out_as_the_contract_says(self):
        self.show().open().ask("Hello")
        (request,) = self.fake.requests_of(self.embed)
        body = json.loads(request["body"])
        session = body.pop("sessionId")
        unset = {"username": None, "prompt": None, "model": None, "temperature": None}
        self.assertEqual(body, {"message": "Hello", **unset})
        self.assertEqual(str(uuid.UUID(session, version=4)), session)
        self.assertEqual(self.stored_session(), session)
        self.assertNotIn("Cookie", request["headers"])
        self.assertEqual(request["headers"]["Content-Type"], "text/plain;charset=UTF-8")

    def test_what_the_snippet_says_about_the_model_goes_along(self):
        self.show(prompt="Be brief.", model="large", temperature="0.5", username="Ada").open().ask("Hello")
        expected = {"prompt": "Be brief.", "model": "large", "temperature": 0.5, "username": "Ada"}
        self.assertEqual({key: self.sent()[key] for key in expected}, expected)

    def test_an_answer_is_drawn_while_it_comes_and_announced_when_it_is_complete(self):
        hold = Hold()
        self.fake.answer("Slowly", frame(chunk("It is **bo")), frame(chunk("ld** and")), hold, *streamed(" done."))
        widget = self.show().open()
        widget.send("Slowly")
        widget.wait(lambda: widget.last_answer == "It is bold and")
        self.assertTrue(widget.is_busy)
        self.assertEqual(widget.texts("[role=status]"), ["The answer is being written."])
        widget.probe("listen")
        hold.released.set()
        widget.wait(lambda: not widget.is_busy)
        self.assertEqual(widget.last_answer, "It is bold and done.")
        self.assertEqual(self.browser.execute_script("return window.announced"), ["It is bold and done."])
        self.assertEqual(widget.texts("strong"), ["bold"])

    def test_events_and_characters_may_be_cut_anywhere(self):
        text = "Grüße aus Köln: 日本語 und 🦉🇩🇪, und **fett**."
        stream = b": heartbeat\r\n\r\n" + b"".join(streamed(*text)).replace(b"\n", b"\r\n")
        self.fake.answer("In pieces", *(stream[at : at + 7] for at in range(0, len(stream), 7)))
        self.fake.answer("In bytes", *(bytes([byte]) for byte in frame(chunk("日本🦉", close=True))))
        widget = self.show().open()
        self.assertEqual(widget.ask("In pieces"), text.replace("**", ""))
        self.assertEqual(widget.ask("In bytes"), "日本🦉")

    def test_an_answer_in_one_piece_is_shown(self):
        whole = {
            "id": "B",
            "type": "textResponse",
            "textResponse": "I do not know.",
            "sources": [],
            "close": True,
            "error": None,
        }
        self.fake.answer("Refuse", frame(whole))
        self.assertEqual(self.show().open().ask("Refuse"), "I do not know.")

    def test_lines_end_where_the_answer_ends_them(self):
        self.fake.answer("Address", *streamed("Main Street 1\n12345 Town"))
        self.assertEqual(self.show().open().ask("Address"), "Main Street 1\n12345 Town")

    def test_a_stream_that_ends_without_a_closing_event_is_complete(self):
        self.fake.answer("Open end", frame(chunk("Here")).rstrip(b"\n"))
        self.assertEqual(self.show().open().ask("Open end"), "Here")

    def test_nothing_is_awaited_after_a_closing_event(self):
        hold = Hold()
        self.fake.answer("Closed", *streamed("Here"), hold)
        self.assertEqual(self.show().open().ask("Closed"), "Here")
        self.assertTrue(hold.hung_up.wait(10))

    def test_what_looks_like_the_beginning_of_a_thought_is_shown_when_it_is_none(self):
        self.fake.answer("Sign", *streamed("<"))
        self.assertEqual(self.show().open().ask("Sign"), "<")

    def test_what_is_no_event_of_ours_is_passed_over(self):
        noise = b"event: x\nid: 3\nretry: 5\ndata: {broken\n\ndata: null\n\ndata: 7\n\ndata:\n\n"
        self.fake.answer("Noise", noise, frame({"type": "statusResponse", "textResponse": "busy"}), *streamed("Good"))
        self.assertEqual(self.show().open().ask("Noise"), "Good")

    def test_chunks_of_another_id_are_another_message(self):
        self.fake.answer("Two", frame(chunk("One")), frame(chunk("Two", identifier="B", close=True)))
        widget = self.show(greeting="Welcome").open()
        widget.ask("Two")
        self.assertEqual(widget.texts(".assistant .text"), ["Welcome", "One", "Two"])

    def test_thoughts_are_behind_a_disclosure(self):
        hold = Hold()
        thoughts = [frame(chunk("<think>")), frame(chunk("First *this*."))]
        self.fake.answer("Think", *thoughts, hold, frame(chunk("</think>")), *streamed("The answer."))
        widget = self.show().open()
        widget.send("Think")
        widget.wait(lambda: widget.texts(".message:last-child summary") == ["Thinking …"])
        hold.released.set()
        widget.wait(lambda: not widget.is_busy)
        self.assertEqual(widget.texts(".message:last-child summary"), ["Reasoning"])
        self.assertEqual(widget.last_answer, "The answer.")
        self.assertIsNone(widget.find(".message:last-child details").get_attribute("open"))
        widget.find(".message:last-child summary").click()
        self.assertEqual(widget.texts(".message:last-child .thoughts div"), ["First this."])

    def test_sources_are_listed_by_title_with_what_they_say(self):
        header = "<document_metadata>\nsourceDocument: guide.pdf\n</document_metadata>\n\n"
        sources = [
            {"title": "guide.pdf", "text": f"{header}The bridge opens   at nine.", "url": "file:///guide.pdf"},
            {
                "title": "A page",
                "text": "x" * 1000,
                "url": "file://a",
                "chunkSource": "link://https://example.com/page",
            },
            {"title": 5},
            None,
            "text",
        ]
        self.fake.answer("Sources", *streamed("At nine.", sources=sources))
        widget = self.show().open()
        widget.ask("Sources")
        self.assertEqual(widget.texts(".sources summary"), ["Sources (3)"])
        self.assertIsNone(widget.find(".sources").get_attribute("open"))
        widget.find(".sources summary").click()
        self.assertEqual(widget.texts(".sources strong"), ["guide.pdf", "A page", "Untitled"])
        self.assertEqual(widget.texts(".sources p"), ["The bridge opens at nine.", "x" * 280 + "…"])
        self.assertEqual(widget.find(".sources a").get_attribute("href"), "https://example.com/page")

    def test_sources_of_the_history_are_listed(self):
        widget = self.answered(
            ("At nine.", [{"title": "guide.pdf", "text": "The bridge opens at nine."}]), "No source."
        )
        self.assertEqual(widget.texts(".sources summary"), ["Sources (1)"])

    def test_stopping_hangs_up_and_keeps_what_came(self):
        hold = Hold()
        self.fake.answer("On and on", frame(chunk("A beginning")), hold)
        widget = self.show().open()
        widget.send("On and on")
        widget.wait(lambda: widget.last_answer == "A beginning")
        self.assertFalse(widget.find(".send").is_displayed())
        widget.find(".stop").click()
        widget.wait(lambda: not widget.is_busy)
        self.assertTrue(hold.hung_up.wait(10))
        self.assertEqual(widget.last_answer, "A beginning")
        self.assertEqual(widget.texts(".stopped"), ["Stopped."])
        self.assertEqual(widget.focused, "textarea")
        self.assertEqual(widget.ask("And now"), "You said: And now")

    def test_one_answer_at_a_time_and_what_is_typed_meanwhile_stays(self):
        hold = Hold()
        self.fake.answer("Wait", frame(chunk("One moment")), hold, *streamed("."))
        widget = self.show().open()
        widget.send("Wait")
        self.assertTrue(hold.reached.wait(10))
        widget.send("Next")
        self.assertEqual(widget.find("textarea").get_attribute("value"), "Next")
        hold.released.set()
        widget.wait(lambda: not widget.is_busy)
        widget.press(Keys.ENTER)
        widget.wait(lambda: widget.last_answer == "You said: Next")
        self.assertEqual(widget.questions, ["Wait", "Next"])

    def test_an_answer_goes_on_while_the_panel_is_closed(self):
        hold = Hold()
        self.fake.answer("Wait", frame(chunk("One moment")), hold, *streamed(", done."))
        widget = self.show().open()
        widget.send("Wait")
        self.assertTrue(hold.reached.wait(10))
        widget.press(Keys.ESCAPE)
        hold.released.set()
        widget.wait(lambda: not widget.is_busy)
        self.assertEqual(widget.open().last_answer, "One moment, done.")

    def test_a_reset_during_an_answer_ends_both(self):
        hold = Hold()
        self.fake.answer("Long", frame(chunk("A beginning")), hold)
        widget = self.show().open()
        widget.send("Long")
        self.assertTrue(hold.reached.wait(10))
        widget.find(".reset").click()
        widget.wait(lambda: widget.questions == [] and not widget.is_busy)
        self.assertTrue(hold.hung_up.wait(10))
        self.assertEqual(len(widget.all(".message")), 1)

    def test_without_storage_the_session_lasts_as_long_as_the_page(self):
        block = """<script>
            Object.defineProperty(window, "localStorage", { get() { throw new DOMException("no", "SecurityError"); } });
        </script>"""
        widget = self.show(page={"head": block}).open()
        widget.ask("One")
        widget.ask("Two")
        self.assertEqual(self.sent(0)["sessionId"], self.sent(1)["sessionId"])

    def test_a_stored_session_that_is_no_uuid_is_replaced(self):
        self.store_session("../../secret")
        widget = self.show().open()
        self.assertEqual(widget.ask("Hello"), "You said: Hello")
        self.assertEqual(self.stored_session(), self.sent()["sessionId"])
        self.assertEqual(self.fake.requests_of(self.embed, "GET"), [])
