import Testing

@testable import ModelProviders

@Suite struct ShownTextTests {
    @Test(arguments: [
        ("See [the pier](http://a.b/c) at [night](d \"title\").", "See the pier at night."),
        ("[Peru (south)](http://x/y_(z)) is far.", "Peru (south) is far."), ("![A map](map.png) of it", "A map of it"),
        ("Said once[^1].\n[^1]: By Ada.", "Said once.\n By Ada."),
        ("the [northern\nstation](http://n) here", "the northern\nstation here"),
        ("a [big [old] dam](http://x) and [that][ref]", "a big [old] dam and that"),
        ("`[x](y)` and list[2], [open", "`[x](y)` and list[2], [open"), ("[1219](http://a.b) votes", "1219 votes"),
        ("no marks", "no marks"),
    ])
    func `links show their text`(text: String, shown: String) {
        #expect(ShownText.shown(text) == shown)
    }

    @Test(.timeLimit(.minutes(1))) func `brackets by the thousand take no time`() {
        let text = String(repeating: "[", count: 50_000) + String(repeating: "](", count: 10_000)
        #expect(ShownText.shown(text).utf8.count <= text.utf8.count)
    }
}
