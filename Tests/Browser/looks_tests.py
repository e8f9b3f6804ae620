"""What the widget looks like, and how it is operated: contrast, sizes, focus, names, small screens."""

from fake_server import DROP, Hold, chunk, frame, streamed
from selenium.webdriver.common.keys import Keys
from widget_case import WidgetTests, needs_fake

QUESTION = "When is the reading room open?"

ANSWER = """<think>Look at the hours.</think>The reading room is open **Monday to Friday**.

| Day | Hours |
|---|--:|
| Monday | 9–17 |
| Friday | 9–15 |

1. Bring your card
2. Ask at the *desk*
   - or write to [us](https://example.com)

```swift
let hours = try await room.hours(on: .monday)
```

> Closed on public holidays.

Use `hours()`."""

SOURCES = [
    {"title": "Opening hours.pdf", "text": "The reading room is open Monday to Friday from nine."},
    {"title": "House rules", "text": "A card is needed.", "url": "https://example.com/rules"},
]

OPERABLE = ("button", "link", "textbox", "dialog", "log", "heading", "DisclosureTriangle")


@needs_fake
class LooksTests(WidgetTests):
    def conversation(self, **attributes):
        """A widget that shows everything that answers are made of."""
        self.fake.answer(QUESTION, *streamed(ANSWER, sources=SOURCES))
        words = {"assistant_name": "Library assistant", "support_email": "help@example.com"}
        widget = self.show(**{**words, **attributes}).open()
        widget.ask(QUESTION)
        return widget

    def assert_readable(self, widget):
        widget.probe("openDisclosures")
        count, poor = widget.probe("contrast")
        self.assertGreater(count, 15)
        self.assertEqual(poor, [])

    def test_text_can_be_read_in_light_and_dark(self):
        for scheme, color in (("light", "rgba(255, 255, 255, 1)"), ("dark", "rgba(30, 32, 36, 1)")):
            with self.subTest(scheme):
                self.emulate(prefers_color_scheme=scheme)
                widget = self.conversation()
                self.picture(scheme)
                self.assert_readable(widget)
                self.picture(f"{scheme}-open")
                self.assertEqual(widget.find(".panel").value_of_css_property("background-color"), color)

    def test_text_can_be_read_on_any_colour_of_the_sites_owner(self):
        for color in ("#ffdd00", "black", "#777", "hsl(150 60% 40%)", "rgb(255 0 0 / 1)"):
            with self.subTest(color):
                widget = self.conversation(button_color=color)
                self.picture(f"color-{color[:4]}")
                self.assert_readable(widget)

    def test_a_failure_can_be_read(self):
        for scheme in ("light", "dark"):
            self.emulate(prefers_color_scheme=scheme)
            self.fake.answer("Break", frame(chunk("The first ha")), DROP)
            widget = self.conversation()
            widget.send("Break")
            widget.wait(lambda: widget.all(".failure"))
            self.picture(f"failure-{scheme}")
            self.assert_readable(widget)

    def test_it_begins_with_a_greeting_and_suggestions_that_go_with_the_first_message(self):
        suggestions = "When are you open?, Where is my book?,"
        widget = self.show(
            default_messages=suggestions, greeting="Hello *there*", assistant_name="Library assistant"
        ).open()
        self.picture("greeting")
        self.assertEqual(widget.texts(".assistant .text"), ["Hello there"])
        self.assertEqual(widget.texts(".suggestions button"), ["When are you open?", "Where is my book?"])
        widget.all(".suggestions button")[1].click()
        widget.wait(lambda: widget.last_answer == "You said: Where is my book?")
        self.assertFalse(widget.find(".suggestions").is_displayed())
        self.assertEqual(widget.focused, "textarea")

    def test_on_a_phone_the_panel_fills_the_screen_without_scrolling_sideways(self):
        for width, height in ((320, 568), (390, 844), (740, 360)):
            with self.subTest(width):
                self.emulate(width=width, height=height)
                widget = self.conversation()
                self.picture(f"phone-{width}")
                self.assertEqual(widget.probe("panelBox"), [0, 0, width, height])
                self.assertFalse(widget.find(".launcher").is_displayed())
                self.assertEqual(self.browser.execute_script("return document.scrollingElement.scrollWidth"), width)
                self.assertEqual(widget.probe("wideParts"), [])

    def test_on_a_phone_the_focus_stays_in_the_panel_until_it_is_closed(self):
        self.emulate(width=390)
        widget = self.conversation()
        self.assertEqual(widget.find(".panel").get_attribute("aria-modal"), "true")
        widget.find(".foot a").send_keys(Keys.TAB)
        self.assertEqual(widget.focused, "reset")
        widget.find(".reset").send_keys(Keys.SHIFT, Keys.TAB)
        self.assertEqual(widget.focused, "a")
        widget.find(".close").click()
        self.assertEqual(widget.focused, "launcher")

    def test_an_on_screen_keyboard_leaves_the_input_in_view(self):
        self.emulate(width=390, height=844)
        widget = self.conversation()
        self.browser.execute_script("""
            const values = { height: { value: 450 }, offsetTop: { value: 40 } };
            Object.defineProperties(window.visualViewport, values);
            window.visualViewport.dispatchEvent(new Event("resize"));""")
        self.assertEqual(widget.probe("panelBox"), [0, 40, 390, 450])
        box = widget.find(".compose").rect
        self.assertLess(box["y"] + box["height"], 490)

    def test_everything_that_is_pressed_is_large_enough(self):
        for width in (None, 320):
            self.emulate(width=width)
            widget = self.conversation()
            widget.probe("openDisclosures")
            self.assertEqual(widget.probe("smallTargets"), [])

    def test_text_grows_with_the_readers_text_size_and_stays_legible_where_a_page_shrinks_it(self):
        for size, expected in (("200%", "32px"), ("62.5%", "14px")):
            widget = self.show(page={"head": f"<style>html {{ font-size: {size} }}</style>"}).open()
            self.picture(f"text-{size}")
            self.assertEqual(widget.find(".assistant").value_of_css_property("font-size"), expected)
            self.assert_on_screen(widget)

    def assert_on_screen(self, widget):
        left, top, width, height = widget.probe("panelBox")
        screen = self.browser.execute_script("return [innerWidth, innerHeight]")
        self.assertGreaterEqual(min(left, top), 0)
        self.assertLessEqual(left + width, screen[0])
        self.assertLessEqual(top + height, screen[1])

    def test_nothing_moves_for_those_who_ask_for_it(self):
        self.emulate(prefers_reduced_motion="reduce")
        hold = Hold()
        self.fake.answer("Wait", hold, *streamed("Done"))
        widget = self.show().open()
        widget.send("Wait")
        widget.wait(lambda: widget.all(".message:last-child .dots"))
        self.assertEqual(widget.script("return root.getAnimations().length + document.getAnimations().length"), 0)
        hold.released.set()

    def test_forced_colors_leave_borders(self):
        self.emulate(forced_colors="active")
        widget = self.conversation()
        self.picture("forced-colors")
        for selector in (".panel", ".user", ".assistant", ".send", ".compose", ".launcher"):
            border = [widget.find(selector).value_of_css_property(f"border-top-{name}") for name in ("style", "width")]
            self.assertEqual(border, ["solid", "1px"], selector)

    def test_the_focus_goes_through_the_panel_in_reading_order_and_is_seen(self):
        widget = self.conversation()
        widget.script("root.querySelector('.launcher').focus()")
        seen = []
        while len(seen) < 20:
            widget.press(Keys.TAB)
            if not widget.focused:
                break
            seen.append(widget.focused)
            self.assertTrue(widget.probe("showsFocus"), widget.focused)
        order = ["reset", "close", "log", "summary", "scroll", "a", "copy", "pre", "summary", "textarea", "send", "a"]
        self.assertEqual(seen, order)

    def test_everything_that_can_be_operated_has_a_name_and_a_role(self):
        widget = self.conversation()
        widget.probe("openDisclosures")
        nodes = self.browser.execute_cdp_cmd("Accessibility.getFullAXTree", {})["nodes"]
        found = [
            (node["role"]["value"], node.get("name", {}).get("value", "")) for node in nodes if not node["ignored"]
        ]
        self.assertEqual([role for role, name in found if role in OPERABLE and not name.strip()], [])
        for expected in (
            ("button", "Chat: Library assistant"),
            ("dialog", "Library assistant"),
            ("button", "Start a new chat"),
            ("button", "Close the chat"),
            ("log", "Conversation"),
            ("DisclosureTriangle", "Sources (2)"),
            ("group", "Table"),
            ("group", "swift"),
            ("button", "Copy"),
            ("textbox", "Write a message"),
            ("button", "Send"),
            ("link", "Contact us"),
        ):
            self.assertIn(expected, found)
        self.assertIn("columnheader", [role for role, _ in found])
        self.assertEqual(widget.find(".log").get_attribute("aria-live"), "polite")
        controlled = (
            "return root.getElementById(root.querySelector('.launcher').getAttribute('aria-controls')).className"
        )
        self.assertEqual(widget.script(controlled), "panel")

    def test_messages_from_right_to_left_are_set_so(self):
        widget = self.answered("\u05e9\u05dc\u05d5\u05dd, **world**", "Hello")
        directions = [answer.value_of_css_property("direction") for answer in widget.all(".assistant .text p")]
        self.assertEqual(directions, ["ltr", "rtl", "ltr"])

    def test_positions_and_sizes_are_those_of_the_snippet(self):
        for position in ("top-left", "top-right", "bottom-left", "bottom-right"):
            widget = self.show(position=position, window_width="300", window_height="50%").open()
            self.assertEqual(widget.probe("corner"), position)
            _, _, width, height = widget.probe("panelBox")
            screen = self.browser.execute_script("return innerHeight")
            self.assertEqual((width, round(height / screen, 2)), (300, 0.5))
            self.assert_on_screen(widget)

    def test_a_panel_is_never_larger_than_the_screen(self):
        self.assert_on_screen(self.show(window_width="9000px", window_height="9000px").open())

    def test_long_answers_stay_in_view_until_the_visitor_scrolls_away(self):
        first, second = Hold(), Hold()
        pieces = [frame(chunk("line\n\n" * 60)), first, frame(chunk("line\n\n" * 20)), second]
        self.fake.answer("Long", *pieces, *streamed("end"))
        widget = self.show().open()
        position = "return root.querySelector('.log').scrollTop"
        widget.send("Long")
        widget.wait(lambda: len(widget.all(".message:last-child p")) == 60)
        widget.wait(lambda: widget.probe("distanceFromEnd") < 2)
        widget.script("root.querySelector('.log').scrollTop = 100")
        first.released.set()
        widget.wait(lambda: len(widget.all(".message:last-child p")) == 80)
        self.assertEqual(widget.script(position), 100)
        second.released.set()
        widget.wait(lambda: not widget.is_busy)
        self.assertEqual(widget.script(position), 100)

    def test_the_input_grows_with_what_is_typed(self):
        widget = self.show().open()

        def height():
            return widget.find("textarea").rect["height"]

        before = height()
        widget.type("one")
        self.assertEqual(height(), before)
        widget.type(Keys.SHIFT, Keys.ENTER, Keys.NULL, "two", Keys.SHIFT, Keys.ENTER, Keys.NULL, "three")
        self.assertGreater(height(), before + 30)
        widget.press(Keys.ENTER)
        widget.wait(lambda: height() == before)
