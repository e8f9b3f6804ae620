"""What holds with any server."""

from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from widget_case import QUESTION, WidgetTests
from widget_page import Widget


class ConversationTests(WidgetTests):
    def test_a_visitor_with_a_keyboard_opens_the_chat_asks_and_closes_it(self):
        widget = self.show()
        self.browser.find_element(By.ID, "before").send_keys(Keys.TAB)
        self.assertEqual(widget.focused, "launcher")
        self.assertEqual(widget.find(".launcher").get_attribute("aria-expanded"), "false")
        widget.press(Keys.ENTER)
        widget.wait(lambda: widget.is_open)
        self.assertEqual(widget.find(".launcher").get_attribute("aria-expanded"), "true")
        self.assertEqual(widget.focused, "textarea")
        widget.type("What is", Keys.SHIFT, Keys.ENTER, Keys.NULL, "this?", Keys.ENTER)
        widget.wait(lambda: widget.questions == ["What is\nthis?"] and len(widget.all(".assistant")) == 2)
        widget.wait(lambda: not widget.is_busy)
        self.assertNotEqual(widget.last_answer, "")
        self.assertEqual(widget.focused, "textarea")
        widget.press(Keys.ESCAPE)
        self.assertFalse(widget.is_open)
        self.assertEqual(widget.focused, "launcher")

    def test_a_conversation_is_there_after_the_page_is_loaded_again_until_it_is_reset(self):
        widget = self.show().open()
        answer = widget.ask(QUESTION)
        self.browser.refresh()
        widget = Widget(self.browser).open()
        widget.wait(lambda: widget.questions == [QUESTION])
        self.assertEqual(widget.last_answer, answer)
        widget.find(".reset").click()
        widget.wait(lambda: widget.questions == [])
        self.assertEqual(widget.focused, "textarea")
        self.browser.refresh()
        widget = Widget(self.browser).open()
        widget.ask("Something else.")
        self.assertEqual(widget.questions, ["Something else."])

    def test_it_works_under_a_policy_that_allows_nothing_but_the_scripts_origin(self):
        # The picture is the page's own icon.
        policy = (
            f"default-src 'none'; script-src {self.address}; connect-src {self.address}; img-src data:; "
            "require-trusted-types-for 'script'"
        )
        widget = self.show(page={"headers": {"Content-Security-Policy": policy}}).open()
        widget.ask("**Are you allowed?**\n\n```\ncode\n```")
        panel = widget.find(".panel")
        self.assertEqual(panel.value_of_css_property("position"), "fixed")
        self.assertEqual(panel.value_of_css_property("display"), "flex")
