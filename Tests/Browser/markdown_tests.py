"""How answers are drawn, and that nothing in them runs."""

import re
import time

from fake_server import Hold, chunk, frame, streamed
from widget_case import WidgetTests, needs_fake

CASES = [
    ("One\ntwo", "<p>One\ntwo</p>"),
    ("One  \ntwo\\\nthree", "<p>One  <br>two<br>three</p>"),
    ("# A\n## B ##\n###### F\n#hash", "<h3>A</h3><h4>B</h4><h6>F</h6><p>#hash</p>"),
    ("**bold** *it* __bold__ _it_", "<p><strong>bold</strong> <em>it</em> <strong>bold</strong> <em>it</em></p>"),
    ("~~gone~~ ***both***", "<p><del>gone</del> <em><strong>both</strong></em></p>"),
    ("snake_case_name 2*3*4 ~5 5 * 6 * 7", "<p>snake_case_name 2<em>3</em>4 ~5 5 * 6 * 7</p>"),
    ("*open **and `code*`", "<p>*open **and <code>code*</code></p>"),
    ("*a **b* c**", "<p><em>a <em><em>b</em> c</em></em></p>"),
    ("`` a`b `` `x", "<p><code>a`b</code> `x</p>"),
    (r"\*not\* \a \\", r"<p>*not* \a \</p>"),
    ('[a *b*](https://a.b/c_(d) "t")', '<p>@<a href="https://a.b/c_(d)">a <em>b</em></a></p>'),
    ("[mail](mailto:a@b.c)", '<p>@<a href="mailto:a@b.c">mail</a></p>'),
    ("<https://a.b/>", '<p>@<a href="https://a.b/">https://a.b/</a></p>'),
    ("See https://a.b/c_d?e=f,", '<p>See @<a href="https://a.b/c_d?e=f">https://a.b/c_d?e=f</a>,</p>'),
    ("(https://a.b/x_(y)).", '<p>(@<a href="https://a.b/x_(y)">https://a.b/x_(y)</a>).</p>'),
    ("**https://a.b/**", '<p><strong>@<a href="https://a.b/">https://a.b/</a></strong></p>'),
    ("[https://a.b](https://c.d)", '<p>@<a href="https://c.d/">https://a.b</a></p>'),
    ("![a cat](https://a.b/cat.png)", '<p>@<a href="https://a.b/cat.png">a cat</a></p>'),
    ("[![x](https://a.b/i)](https://c.d)", '<p>@<a href="https://c.d/">x</a></p>'),
    ("[1] [a][b] [ ] ]", "<p>[1] [a][b] [ ] ]</p>"),
    ("[a](/relative) [b](#c) [d](ftp://e)", "<p>[a](/relative) [b](#c) [d](ftp://e)</p>"),
    (
        "- a\n- b\n  - c\n    1. d\n- e",
        "<ul><li><p>a</p></li><li><p>b</p><ul><li><p>c</p>"
        '<ol start="1"><li><p>d</p></li></ol></li></ul></li><li><p>e</p></li></ul>',
    ),
    ("3. a\n\n   more\n4. b", '<ol start="3"><li><p>a</p><p>more</p></li><li><p>b</p></li></ol>'),
    ("1. a\n  - b\n2. c", '<ol start="1"><li><p>a</p><ul><li><p>b</p></li></ul></li><li><p>c</p></li></ol>'),
    ("Text\n- a\nlazy\n\nAfter", "<p>Text</p><ul><li><p>a\nlazy</p></li></ul><p>After</p>"),
    ("- [ ] a\n- [x] b", "<ul><li><p>☐ a</p></li><li><p>☑ b</p></li></ul>"),
    ("In 1986. The\n1986. year", "<p>In 1986. The\n1986. year</p>"),
    ("> a\n> > b\nlazy\n\nc", "<blockquote><p>a</p><blockquote><p>b\nlazy</p></blockquote></blockquote><p>c</p>"),
    ("a\n\n---\n* * *\n___", "<p>a</p><hr><hr><hr>"),
    ("a | b\nno table", "<p>a | b\nno table</p>"),
    ("a<br>b <b>c</b> &amp;", "<p>a<br>b &lt;b&gt;c&lt;/b&gt; &amp;amp;</p>"),
    ("<script>x</script>", "<p>&lt;script&gt;x&lt;/script&gt;</p>"),
]

TABLE = "| a | b |\n|:-:|--:|\n| `x` \\| y | **z** |\n| 1 |\nAfter"


@needs_fake
class MarkdownTests(WidgetTests):
    def test_markdown_becomes_elements(self):
        widget = self.answered(*(text for text, _ in CASES))
        anchor = r'<a \1 target="_blank" rel="noopener noreferrer nofollow">'
        for (text, expected), drawn in zip(CASES, widget.html(".assistant .text")[1:], strict=True):
            with self.subTest(text):
                self.assertEqual(drawn.replace(' dir="auto"', ""), re.sub("@<a ([^>]*)>", anchor, expected))

    def test_a_table_has_heads_and_sides(self):
        widget = self.answered(TABLE)
        rows = [["th center a", "th end b"], ["td center x | y", "td end z"], ["td center 1"]]
        self.assertEqual(widget.probe("tableRows"), rows)
        self.assertEqual(widget.texts(".text > p")[-1], "After")

    def test_what_is_drawn_piece_by_piece_equals_what_is_drawn_at_once(self):
        code = "```python\nfor x in y:\n    pass\n\n\nend\n```\n\n- a\n\n  ```\n  b\n  ```\n- c"
        text = "\n\n".join([*(text for text, _ in CASES), TABLE, code])
        hold = Hold()
        pieces = [frame(chunk(text[at : at + 40])) for at in range(0, len(text), 40)]
        self.fake.answer("Pieces", *pieces, hold, *streamed(" "))
        widget = self.show().open()
        widget.send("Pieces")
        self.assertTrue(hold.reached.wait(30))
        widget.wait(lambda: widget.last_answer.endswith("\nc"))
        drawn = widget.html(".message:last-child .text")
        hold.released.set()
        widget.wait(lambda: not widget.is_busy)
        self.assertEqual(drawn, widget.html(".message:last-child .text"))

    def test_code_keeps_its_shape_and_can_be_copied(self):
        code = "def f(x):\n    return `x`  # **no** <b>\n\n\tdone"
        widget = self.answered(f"Look:\n\n```python title\n{code}\n```\n\nAnd\n\n~~~\n```\n~~~")
        blocks = widget.script("return [...root.querySelectorAll('pre')].map((block) => block.textContent)")
        self.assertEqual(blocks, [code.replace("\t", "    "), "```"])
        self.assertEqual(widget.texts(".bar span"), ["python", "Code"])
        permissions = {"permissions": ["clipboardReadWrite", "clipboardSanitizedWrite"]}
        self.browser.execute_cdp_cmd("Browser.grantPermissions", permissions)
        copy = widget.find(".copy")
        copy.click()
        widget.wait(lambda: copy.text == "Copied")
        copied = self.browser.execute_async_script("navigator.clipboard.readText().then(arguments[0], arguments[0])")
        self.assertEqual(copied, blocks[0])

    def test_code_can_be_copied_where_the_clipboard_is_closed(self):
        head = (
            "<script>Object.defineProperty(navigator, 'clipboard', { value: undefined });"
            "document.addEventListener('copy', () => { window.copied = true; })</script>"
        )
        widget = self.answered("```\nx = 1\n```", page={"head": head})
        widget.find(".copy").click()
        widget.wait(lambda: widget.find(".copy").text == "Copied")
        self.assertTrue(self.browser.execute_script("return window.copied"))
        self.assertEqual(widget.focused, "copy")
        self.assertEqual(len(widget.all("textarea")), 1)


IMAGE = "<img src=x onerror=window.hacked=1>"

ATTACKS = [
    IMAGE,
    "<svg onload=window.hacked=1>",
    "<script>window.hacked=1</script>",
    "[x](javascript:window.hacked=1)",
    "[x](JaVa\tScript:window.hacked=1)",
    "[x](&#106;avascript:window.hacked=1)",
    "[x](<javascript:window.hacked=1>)",
    "[x](\x01javascript:window.hacked=1)",
    "[x](data:text/html,<script>window.hacked=1</script>)",
    "![x](data:image/svg+xml,<svg/onload=window.hacked=1>)",
    "![x](javascript:window.hacked=1)",
    "[x](vbscript:x)",
    "[x](//evil.example)",
    "[x](blob:https://a.b/c)",
    "[x](file:///etc/passwd)",
    "<javascript:window.hacked=1>",
    '[x](https://a.b/"onmouseover="window.hacked=1)',
    "[x](https://a.b 'onclick=window.hacked=1')",
    f'```"onclick=window.hacked=1\n</code></pre>{IMAGE}\n```',
    "<iframe srcdoc='<script>parent.hacked=1</script>'></iframe>",
    "<style>*{display:none}</style>",
    f"| {IMAGE} |\n|---|\n| <b>x</b> |",
    f"<think>{IMAGE}</think>{IMAGE}",
    "<details open ontoggle=window.hacked=1>",
    "<lectern-chat-widget>",
]


@needs_fake
class HostileMarkdownTests(WidgetTests):
    def assert_inert(self, widget):
        widget.probe("openDisclosures")
        for protocol, rel, target in widget.probe("links"):
            self.assertIn(protocol, ("https:", "mailto:"))
            self.assertEqual((rel, target), ("noopener noreferrer nofollow", "_blank"))
        self.assertEqual(widget.probe("dangers"), [])
        self.assertIsNone(self.browser.execute_script("return window.hacked"))

    def test_an_answer_cannot_run_anything(self):
        widget = self.show().open()
        for attack in ATTACKS:
            self.fake.answer("Attack", *streamed(*(attack[at : at + 9] for at in range(0, len(attack), 9))))
            with self.subTest(attack):
                widget.ask("Attack")
                self.assert_inert(widget)

    def test_a_history_and_its_sources_cannot_run_anything(self):
        answers = [(attack, [{"title": attack, "text": attack, "url": attack}]) for attack in ATTACKS]
        widget = self.answered(*answers, question=IMAGE)
        self.assertEqual(widget.questions[0], IMAGE)
        self.assert_inert(widget)

    def test_words_of_the_snippet_cannot_run_anything(self):
        names = (
            "greeting",
            "assistant_name",
            "default_messages",
            "send_message_text",
            "reset_chat_text",
            "support_email",
            "position",
            "lang",
            "window_height",
        )
        widget = self.show(
            **{name: IMAGE for name in names}, button_color=f"red;{IMAGE}", window_width="1px;color:red"
        ).open()
        self.assert_inert(widget)
        self.assertEqual(widget.find("h2").text, IMAGE)

    def test_hostile_lengths_are_drawn_in_time(self):
        # A way of reading them that is not linear takes many minutes.
        repeated = [
            "*a ", "**a *b ", "_a_*", "*_", "a*b_", "~~a", "***a*", "**a** ", "[", "](", "[](", "[a](b ", "[a](", "[a](<",
            '[a](b "', "[a](b(c) ", "[a](https://a.b)", "[a](https://b/(", "[![a](https://a.b)", "![", "![a](b", "`",
            "`a``b```c", "<", "<br ", "<http://", "https://", "https://a.b)", "(((", "\\", "\t", "   ", "#", "a # ", "> ",
            "- ", "- - ", "1. ", "1. a\n", "  - a\n", "\n> - ", "a\n", "> a\n", "```\n", "~~~", "|a", "|-|-\n", "|a|b\n|-|-\n",
        ]
        runs = "".join("`" * run + " " for run in range(400))
        once = ["` " + "a" * 100_000 + "`", "~" * 400_000 + "`", " " * 500_000 + "x", runs, "---\n" * 150_000]
        start = time.monotonic()
        # Behind a closed panel, since it is not the browser's layout that is tried.
        widget = self.answered(*((text * 10_000)[:10_000] for text in repeated), *once, is_open=False)
        self.assertLess(time.monotonic() - start, 120)
        self.assertLess(widget.probe("depth"), 60)
