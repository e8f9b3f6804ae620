import Domain
import Foundation
import Testing

@testable import DocumentParsers

extension FuzzTests {
    @Test func encodings() async {
        let fuzzer = Fuzzer(
            "encodings",
            seeds: [
                Array("Größe: 12 µm, „gut“\n".utf8), [0x8D, 0xDD, 0x8C, 0xC9, 0x88, 0xEA, 0x97, 0x97],
                [0xB2, 0xD6, 0xBF, 0xE2, 0xC3, 0xBF, 0xD6, 0xDC, 0xA1, 0xA3],
                [0x1B, 0x24, 0x42, 0x3A, 0x5F, 0x1B, 0x28, 0x42],
                [0x1F, 0x04, 0x40, 0x04, 0x38, 0x04, 0x32, 0x04], [0x03, 0x91, 0x03, 0xB8, 0x03, 0xAE],
                [0x8F, 0xB0, 0xA1, 0x8E, 0xB1],
            ], dictionary: ["\u{1B}$)C", "\u{1B}(I", "\u{FEFF}"])
        await fuzzer.run(share: 0.05) { input, _ in
            let text = TextDecoder.decode(input)
            #expect(!text.unicodeScalars.contains { $0.value < 0x20 && $0 != "\n" && $0 != "\t" })
            for label in ["euc-jp", "iso-2022-jp", "big5", "gb18030", "shift_jis", "windows-1258", "koi8-u"] {
                guard case .legacy(let encoding)? = EncodingLabel.meaning(of: label) else { continue }
                #expect(encoding.decode(input) != nil)
            }
            return true
        }
    }

    @Test func tables() async throws {
        let fuzzer = Fuzzer(
            "tables",
            seeds: [
                "id,note\n1,\"first\nsecond, \"\"third\"\"\"\n2,plain\n", "sep=;\nName;Preis\n\"a;b\";1,50\n",
                "a\tb\n1\t2\n",
            ], dictionary: ["\"\"", ",\"", "\"\n", ";", "|", "\u{AD}"])
        try await read(fuzzer, as: "a.csv", CSVParser(), share: 0.3)
    }

    @Test func `JSON documents`() async throws {
        let fuzzer = Fuzzer(
            "json-documents",
            seeds: [
                #"[{"a":"K\u00f6ln"},{"a":[1,-2.5e-3,true,null,{"b":[]}]}]"#, #"{"n":1,"people":[{"a":1},{"a":2}]}"#,
                "{\"a\":1}\n{\"a\":\"\\ud83d\\ude00\"}\n", #"{"k1":{},"k2":{},"k3":{"a":"\/"}}"#,
            ], dictionary: [#"\u00ad"#, #"\ufb01"#, #"{"a":{}"#, "},{", "],["])
        try await read(fuzzer, as: "a.json", JSONTextParser(), share: 0.3)
    }

    @Test func `XML documents`() async throws {
        let fuzzer = Fuzzer(
            "xml-documents",
            seeds: [
                "<rss><channel><title>n</title><item><title>a</title><d>&lt;p&gt;x&lt;/p&gt;</d></item><item/></channel></rss>",
                "<article><title>T</title><section><title>S</title><para>a <b>b</b></para><screen> x</screen></section></article>",
                "<?xml version='1.0'?><!DOCTYPE r [<!ENTITY a 'b'>]><r x='&a;'><i n='1'>&a;</i><i n='2'><j/>t</i></r>",
                "<svg><title>p</title><text>a<tspan>b</tspan></text></svg>",
            ],
            dictionary: [
                "<![CDATA[", "]]>", "<!--", "-->", "<?", "&eacute;", "&#x0;", "xmlns='x'", "<row>", "<listitem>",
            ])
        try await read(fuzzer, as: "a.xml", XMLTextParser(), share: 0.3)
    }

    @Test func pages() async throws {
        let fuzzer = Fuzzer(
            "pages",
            seeds: [
                "<base href='http://a.b/'><h1>T <a href='x'>y</a></h1><p>a<a href='/c'>d</a><table><tr><td><a href='e'>f</a></table>",
                "<meta charset=euc-jp><article><ul><li>a<li>b</ul><pre>x\ny</pre><img src='i.png'></article>",
                "<dl><dt>a<dd>b</dl><blockquote>q</blockquote><p hidden>h<p style='display:none'>i</p><br>&shy;&nbsp;",
            ],
            dictionary: [
                "<a href='http://x.y/'>", "</a>", "<table>", "</td>", "<p>", "<svg>", "<template>", "<math>", "](",
            ])
        try await read(fuzzer, as: "a.html", HTMLParser(), share: 0.3)
    }

    @Test(arguments: ["a.md", "a.rst", "a.org", "a.adoc"]) func outlines(name: String) async throws {
        let fuzzer = Fuzzer(
            "outlines-\(name.dropFirst(2))",
            seeds: [
                "---\ntitle: \"T\"\nauthor: [a, b]\ndate: 2024-03-05\n---\n# One\n\nText\n\nTwo\n---\n```\n# code\n```\n### Three ###\n",
                "Title\n=====\n\n:Author: A\n\nPart\n----\n\ntext\n\n.. code::\n\n   Not\n   ---\n\nSub\n~~~\n",
                "#+TITLE: T\n#+DATE: <2024-03-05>\n* TODO [#A] One :tag:\n** Two\n#+BEGIN_SRC\n* no\n#+END_SRC\n",
                "= Title\nA B <a@b>\n:description: d\n\n== One\n\n----\n== no\n----\n=== Two\n",
            ],
            dictionary: [
                "---\n", "===\n", "~~~\n", "```\n", "#+BEGIN_", "#+END_", "----\n", "* ", "== ", ":a: ", "\u{2028}",
            ])
        try await read(fuzzer, as: name, TextParser(), share: 0.05)
    }

    /// What a parser gives must be whole: offsets in order and within the text, and the same again for the same bytes.
    private func read(
        _ fuzzer: Fuzzer, as name: String, _ parser: any DocumentParser, share: Double = 1
    ) async throws {
        let empty = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try Data().write(to: empty)
        defer { try? FileManager.default.removeItem(at: empty) }
        let outer = try ParserInput(path: empty.path, fileName: name, limits: ParseLimits())
        await fuzzer.run(share: share) { input, _ in
            let documents = try parser.parse(ParserInput(input, fileName: name, within: outer)).map(\.withPlainLetters)
            for document in documents {
                let length = document.text.utf16.count
                let starts = document.divisions?.starts ?? []
                #expect(zip(starts, starts.dropFirst()).allSatisfy { $0 <= $1 })
                #expect((starts.last ?? 0) <= length)
                #expect(document.headings.allSatisfy { $0.offset < length })
                // Scalars, as a mark behind the names makes one character with their last letter.
                #expect(document.columnNames.map { document.text.unicodeScalars.contains($0.unicodeScalars) } ?? true)
            }
            return true
        }
    }
}
