"""What the visitor is told when something goes wrong."""

import uuid

from fake_server import DROP, Hold, abort, chunk, frame, streamed
from widget_case import WidgetTests, needs_fake


@needs_fake
class FailureTests(WidgetTests):
    GENERIC = "Something went wrong. Please try again later."

    def failure(self, message="Hello", **attributes):
        widget = self.show(**attributes).open()
        widget.send(message)
        widget.wait(lambda: widget.all(".failure"))
        self.assertFalse(widget.is_busy)
        return widget

    def assert_told(self, text, widget):
        self.assertEqual(widget.texts(".failure p"), [text])

    def test_a_quota_is_told_in_the_words_for_visitors(self):
        self.embed = self.fake.embed(chats_per_day=1)
        self.embed.store(str(uuid.uuid4()), "Earlier", "Chat")
        widget = self.failure()
        self.assert_told("The quota for this chat has been reached. Try again later or contact the site owner.", widget)
        self.assertEqual(widget.all(".failure button"), [])
        self.assertEqual(len(widget.all(".assistant")), 1)

    def test_a_quota_of_the_session_is_told(self):
        self.embed = self.fake.embed(chats_per_session=1)
        widget = self.show().open()
        widget.ask("One")
        widget.send("Two")
        widget.wait(lambda: widget.all(".failure"))
        self.assert_told(
            "Your quota for this chat has been reached. Try again later or contact the site owner.", widget
        )

    def test_a_foreign_origin_is_told_that_it_is_refused(self):
        self.embed = self.fake.embed(allowed_origins=["https://example.com"])
        self.assert_told("Invalid request.", self.failure())

    def test_a_disabled_embed_says_so(self):
        self.embed = self.fake.embed(enabled=False)
        self.assert_told("This chat has been disabled by the administrator - try again later.", self.failure())

    def test_a_text_as_answer_gives_a_general_message(self):
        self.fake.answer("Gateway", (502, "<html>Bad gateway</html>"))
        self.assert_told(self.GENERIC, self.failure("Gateway"))

    def test_an_unknown_embed_gives_a_general_message(self):
        del self.fake.embeds[self.embed.id]
        self.assert_told(self.GENERIC, self.failure())

    def test_json_that_is_no_object_gives_a_general_message(self):
        for body in ("[]", "null", '"text"'):
            with self.subTest(body):
                self.fake.answer("Odd", (500, body))
                self.assert_told(self.GENERIC, self.failure("Odd"))

    def test_a_failure_in_the_stream_keeps_what_came(self):
        self.fake.answer("Half", frame(chunk("Half an answer")), frame({**abort("The model is busy."), "uuid": "A"}))
        widget = self.failure("Half")
        self.assertEqual(widget.last_answer, "Half an answer")
        self.assert_told("The model is busy.", widget)

    def test_an_abort_without_words_gives_a_general_message(self):
        self.fake.answer("Mute", frame(abort(True)))
        self.assert_told(self.GENERIC, self.failure("Mute"))

    def test_an_answer_without_text_gives_a_general_message(self):
        self.fake.answer("Empty", frame(chunk("", close=True)))
        self.assert_told(self.GENERIC, self.failure("Empty"))

    def test_a_broken_connection_can_be_tried_again(self):
        hold = Hold()
        self.fake.answer("Break", frame(chunk("The first ha")), hold, DROP)
        widget = self.show().open()
        widget.send("Break")
        # What arrives together with the break may be lost.
        widget.wait(lambda: widget.last_answer == "The first ha")
        hold.released.set()
        widget.wait(lambda: widget.all(".failure"))
        self.assert_told("The connection was lost before the answer was complete.", widget)
        self.assertEqual(widget.last_answer, "The first ha")
        self.fake.answer("Break", *streamed("The whole."))
        widget.find(".failure button").click()
        widget.wait(lambda: widget.last_answer == "The whole.")
        self.assertEqual(widget.questions, ["Break"])
        self.assertEqual(len(widget.all(".assistant")), 2)
        self.assertEqual(widget.all(".failure"), [])
        self.assertEqual(widget.focused, "textarea")

    def test_a_server_that_cannot_be_reached_can_be_tried_again(self):
        widget = self.failure(base_api_url="http://127.0.0.1:9/api/embed")
        self.assert_told("The server cannot be reached. Please check your connection.", widget)
        self.assertEqual(widget.texts(".failure button"), ["Try again"])

    def test_a_history_that_cannot_be_had_does_not_keep_from_asking(self):
        self.store_session(str(uuid.uuid4()))
        del self.fake.embeds[self.embed.id]
        widget = self.show().open()
        widget.wait(lambda: widget.all(".failure"))
        self.assert_told(self.GENERIC, widget)
        self.fake.embeds[self.embed.id] = self.embed
        self.assertEqual(widget.ask("Hello"), "You said: Hello")

    def test_a_reset_that_fails_keeps_the_conversation(self):
        widget = self.show().open()
        widget.ask("Hello")
        del self.fake.embeds[self.embed.id]
        widget.find(".reset").click()
        widget.wait(lambda: widget.all(".failure"))
        self.assertEqual(widget.questions, ["Hello"])
