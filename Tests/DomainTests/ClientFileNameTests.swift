import Domain
import Testing

@Suite struct ClientFileNameTests {
    @Test(arguments: [
        ("report.pdf", "report.pdf"), ("  spaced name.txt ", "spaced name.txt"), (".env", ".env"),
        ("../../etc/passwd", "passwd"), (#"C:\x"#, "x"), (#"..\..\boot.ini"#, "boot.ini"), ("a/b\\c.md", "c.md"),
        ("%43%3A%5C", "%43%3A%5C"), ("CON", "CON"), ("À¯a.txt", "À¯a.txt"),
        ("\u{FF0E}\u{FF0E}\u{FF0F}x.txt", "\u{FF0E}\u{FF0E}\u{FF0F}x.txt"),
        ("a\u{202E}fdp.exe", "afdp.exe"), ("a\u{2066}b\u{2069}.txt", "ab.txt"),
        ("a\0b\r\nc\u{7F}\u{85}.txt", "abc.txt"),
        ("a<b>c:\"d|e?f*.txt", "abcdef.txt"), ("it\u{2019}s \u{201C}it\u{201D}.txt", "its it.txt"),
        ("日本語.pdf", "日本語.pdf"), ("emoji😀.txt", "emoji😀.txt"),
    ])
    func `a name keeps what is harmless`(sent: String, expected: String) {
        #expect(ClientFileName.sanitized(sent) == expected)
    }

    @Test(arguments: ["", ".", "..", "...", "/", "a/", #"C:\"#, "???", " \u{202E} ", "\0"])
    func `a name of which nothing is left is replaced`(sent: String) {
        #expect(ClientFileName.sanitized(sent) == "document")
    }

    @Test func `a long name is cut in front of its extension`() {
        let name = ClientFileName.sanitized(String(repeating: "日", count: 5000) + ".pdf")
        #expect(name == String(repeating: "日", count: 83) + ".pdf")
        #expect(ClientFileName.sanitized(String(repeating: "x", count: 5000)) == String(repeating: "x", count: 255))
        let dotted = ClientFileName.sanitized("a." + String(repeating: "x", count: 5000))
        #expect(dotted == "a." + String(repeating: "x", count: 253))
        let marks = ClientFileName.sanitized("e" + String(repeating: "\u{301}", count: 5000) + ".txt")
        #expect(marks == "e" + String(repeating: "\u{301}", count: 125) + ".txt")
    }
}
