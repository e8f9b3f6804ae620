"""How the widget gets along with the page that carries it."""

import re

from fake_server import WIDGET
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from widget_case import WidgetTests, needs_fake
from widget_page import Widget


@needs_fake
class PageTests(WidgetTests):
    @property
    def script_address(self):
        return f"{self.address}/embed/lectern-chat-widget.js"

    def test_two_embeds_on_a_page_are_two_chats_and_one_twice_is_one(self):
        other = self.fake.embed()
        self.show([self.snippet(), self.snippet(other.id), self.snippet()])
        first, second = Widget(self.browser, 0), Widget(self.browser, 1)
        first.open().ask("For the first")
        first.find(".close").click()
        second.open().ask("For the second")
        self.assertEqual(len(self.browser.find_elements(By.CSS_SELECTOR, "lectern-chat-widget")), 2)
        self.assertEqual([chat["prompt"] for chat in self.embed.chats], ["For the first"])
        self.assertEqual([chat["prompt"] for chat in other.chats], ["For the second"])
        lower, upper = (widget.find(".launcher").rect for widget in (first, second))
        self.assertGreaterEqual(lower["y"], upper["y"] + upper["height"])

    def test_it_adds_no_global_names(self):
        before = "<script>document.names = Object.getOwnPropertyNames(window)</script>"
        after = """<script>
            document.added = Object.getOwnPropertyNames(window).filter((name) => !document.names.includes(name))
        </script>"""
        self.show([before, self.snippet(), after])
        self.assertEqual(self.browser.execute_script("return document.added"), [])

    def test_the_address_of_the_server_is_that_of_the_script(self):
        widget = self.show(base_api_url=None).open()
        self.assertEqual(widget.ask("Hello"), "You said: Hello")

    ADDED_LATER = """
        const script = document.createElement("script");
        script.dataset.embedId = arguments[0];
        script.src = arguments[1];
        document.body.append(script);"""

    def test_it_works_in_the_head_as_a_module_and_when_added_later(self):
        script = self.snippet()
        module = script.replace("<script", "<script type=module crossorigin")
        late = script.replace("<script", "<script async")
        for scripts, page in (([""], {"head": script}), ([module], {}), ([late], {}), ([""], {})):
            widget = self.show(scripts, page=page)
            if scripts == [""] and not page:
                self.browser.execute_script(self.ADDED_LATER, self.embed.id, self.script_address)
            self.assertEqual(widget.open().ask("Hello"), "You said: Hello")
            widget.find(".reset").click()
            widget.wait(lambda: widget.questions == [])

    def test_it_comes_back_where_a_page_exchanges_its_body(self):
        widget = self.show()
        widget.find(".launcher")
        self.browser.execute_script("document.body.replaceWith(document.createElement('body'))")
        self.browser.execute_script(self.ADDED_LATER, self.embed.id, self.script_address)
        self.assertEqual(widget.open().ask("Hello"), "You said: Hello")

    def test_rules_of_the_page_do_not_reach_it(self):
        style = """<style>
            * { all: revert; color: red !important; font-size: 3px !important }
            body > * { display: none !important; opacity: 0 !important; transform: scale(.1) !important }
            body { display: grid; gap: 100px }
            :root { --page: red; --text: red }
        </style>"""
        widget = self.show(page={"head": style}).open()
        answer = widget.find(".assistant")
        self.assertEqual(answer.value_of_css_property("font-size"), "14px")
        self.assertEqual(answer.value_of_css_property("color"), "rgba(34, 32, 28, 1)")
        self.assertEqual(widget.find(".panel").value_of_css_property("background-color"), "rgba(255, 255, 255, 1)")
        self.assertEqual(widget.host.value_of_css_property("opacity"), "1")

    def test_shortcuts_of_the_page_do_not_hear_what_is_typed(self):
        head = "<script>window.keys = 0; addEventListener('keydown', () => window.keys++)</script>"
        widget = self.show(page={"head": head}).open()
        widget.type("some/text")
        widget.press(Keys.ESCAPE)
        self.assertEqual(self.browser.execute_script("return window.keys"), 0)

    def test_it_opens_by_itself_when_the_snippet_says_so_without_taking_the_focus(self):
        widget = self.show(open_on_load="on")
        widget.wait(lambda: widget.is_open)
        self.assertIsNone(widget.focused)

    def test_it_does_not_open_by_itself_where_it_would_hide_the_page(self):
        self.emulate(width=390)
        self.assertFalse(self.show(open_on_load="on").is_open)

    def test_it_speaks_the_language_of_the_snippet_or_else_of_the_page(self):
        german, english = "Guten Tag! Wie kann ich helfen?", "Hello! How can I help you?"
        cases = [
            ("de-AT", {}, german),
            ("en", {"lang": "de"}, german),
            ("de", {"lang": "en"}, english),
            ("fr", {}, english),
        ]
        for language, attributes, greeting in cases:
            widget = self.show(page={"language": language}, **attributes).open()
            self.assertEqual(widget.last_answer, greeting)
            self.assertEqual(widget.host.get_attribute("lang"), "de" if greeting == german else "en")

    def test_both_languages_have_the_same_words(self):
        tables = re.findall(r"^    (?:en|de): \{(.*?)^    \}", WIDGET.read_text(), re.S | re.M)
        english, german = (sorted(re.findall(r'(\w+): "', table)) for table in tables)
        self.assertEqual(english, german)
