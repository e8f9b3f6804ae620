import Domain
import Testing

@Suite struct FolderNameTests {
    @Test(arguments: [
        ("\u{DC}berblick", "U\u{308}berblick"), ("Reports", "Re\u{200B}ports"), ("a b", "a\u{A0} b"),
        ("\u{FB01}nance", "finance"), ("Q1", "\u{FF31}\u{FF11}"), ("n\u{B2}", "n2"), ("a", " a "), ("x", "x\u{FEFF}"),
        ("\u{AC00}", "\u{1100}\u{1161}"),
    ])
    func `names that look alike are one`(names: (String, String)) throws {
        let first = try FolderName(new: names.0)
        let second = try FolderName(new: names.1)
        #expect(first == second && first.hashValue == second.hashValue)
        #expect(DocumentPath(folder: names.0, name: "d") == DocumentPath(folder: names.1.trimmed, name: "d"))
    }

    @Test(arguments: [("Reports", "reports"), ("a", "\u{430}"), ("a-b", "a b"), ("1", "l"), ("e", "\u{E9}")])
    func `names that can be told apart are two`(names: (String, String)) throws {
        #expect(try FolderName(new: names.0) != FolderName(new: names.1))
    }

    @Test(arguments: [
        "custom-documents", "Q1 & Q2 (draft)", "50%", "#1", "100%25", "日本語", "👩‍👩‍👧‍👦", "a.b", "*", "?",
        "'; DROP TABLE folder",
        "-rf", "CON", "a:b", "\u{5D0}\u{5D1}",
    ])
    func `people may call folders what they like`(name: String) throws {
        #expect(try FolderName(new: name).text == name)
    }

    @Test(arguments: [
        ("", FolderName.Flaw.nothing), (".", .nothing), ("/", .nothing), ("./", .nothing), (" ", .nothing),
        ("..", .outside), ("../..", .outside), ("/..", .outside), ("./../", .outside),
    ])
    func `a name that leads nowhere is none`(name: String, flaw: FolderName.Flaw) {
        #expect(throws: flaw) { try FolderName(new: name) }
    }

    @Test(arguments: [
        "../x", "a/b", "/etc", "a\\b", "..\\x", "a\u{0}b", "a\nb", ".hidden", "\u{FF0E}\u{FF0E}", "x.md", "X.MD",
        "x.json",
        "x.\u{FF4D}\u{FF44}", "\u{200B}", "a\u{202E}b", "....//", String(repeating: "é", count: 128),
    ])
    func `a name that misleads people or programs is refused`(name: String) {
        #expect(throws: FolderName.Flaw.self) { try FolderName(new: name) }
    }

    @Test func `case is folded in every alphabet`() {
        #expect("STRASSE ΣΊΣΥΦΟΣ Ǆ".caseFolded == "straße σίσυφος ǆ".caseFolded)
        #expect("e\u{301}".caseFolded == "É".caseFolded)
    }
}
