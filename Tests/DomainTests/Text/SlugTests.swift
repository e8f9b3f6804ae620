import Domain
import Testing

/// The pairs are the golden vectors of the wire contract, with others of our own.
@Suite struct SlugTests {
    @Test(arguments: [
        ("My Report (final).PDF", "My-Report-(final).PDF"), ("a--b__c.txt", "a-b__c.txt"),
        ("R&D 50%.md", "RandD-50percent.md"), ("x=y;z,w.txt", "xyzw.txt"), ("emoji😀 file.txt", "emoji-file.txt"),
        ("日本語.pdf", ".pdf"), ("anythingllm.com_", "anythingllm.com_"), ("", ""), (" - ", ""),
        ("Straße nach Ærø.txt", "Strasse-nach-AEro.txt"), ("docs/guide/a.md", "docs-guide-a.md"),
        ("Preis < 5 € | mehr…", "Preis-less-5-euro-or-mehr..."), ("a\t\n b", "a-b"), ("a – b", "a-b"),
        ("Đà Nẵng, Việt Nam", "DJa-Nang-Viet-Nam"), ("₹500", "indian-rupee500"),
    ])
    func `stored names keep case and punctuation that files have`(name: String, slug: String) {
        #expect(Slug.storedName(name) == slug)
    }

    @Test(arguments: [
        ("Hello World.pdf", "hello-world"), ("Dr. Smith", "dr"), ("v1.2 notes", "v1"), ("日本語", ""),
        ("a.b.c.txt", "a-b-c"), ("No Dot", "no-dot"), (".hidden", ""),
    ])
    func `titles of raw texts lose what follows the last dot`(title: String, slug: String) {
        #expect(Slug.rawTextTitle(title) == slug)
    }

    @Test(arguments: [
        ("Sales Q&A v1.5", "sales-qanda-v1-dot-5"), ("a - b", "a-b"), ("C++ & C#", "c-plus-plus-and-c"),
        ("hello@world.com!", "hello-at-world-dot-com-bang"), ("Ünïcode", "unicode"), ("你好 team", "team"),
        ("foo_bar", "foo_bar"), ("50% off $5", "50percent-off-dollar5"), ("a/b\\c", "abc"),
        ("A|B (x): y~z", "ab-x-yz"), ("Привет мир", "privet-mir"), ("Щука и Ёж", "shuka-i-yozh"),
        ("Καλημέρα κόσμε", "kalhmera-kosme"), ("გამარჯობა", "gamarjoba"), ("Հայաստան", "hayastan"),
        ("مرحبا", "mrhba"), ("گزارش پروژه", "gzarsh-prwzhh"), ("元 and 円", "yuan-and-yen"), ("a*b", "a-splat-b"),
        ("İstanbul", "istanbul"), ("مَرحبًا", "marhbana"), ("฿ ₠ ѝ ǈ ﻻ", "baht-ecu-u-lj-la"),
    ])
    func `workspace slugs are lower case words`(name: String, slug: String) {
        #expect(Slug.workspace(name) == slug)
    }

    @Test(arguments: ["", "   ", "日本", "---", "😀", "()'\"~:|"])
    func `a name without a usable character has no slug`(name: String) {
        #expect(Slug.workspace(name) == nil)
        #expect(Slug.thread(name) == nil)
    }

    /// Older servers of the wire answered `"quoted"-team's...` and `x-*-y-+-z-(c)`; the contract's "Do better" restricts
    /// workspace slugs to letters, digits, `_` and `-`.
    @Test(arguments: [("“Quoted” team’s…", "quoted-teams"), ("x • y † z ©", "x-y-z-c")])
    func `typographic signs do not bring punctuation into workspace slugs`(name: String, slug: String) {
        #expect(Slug.workspace(name) == slug)
    }

    @Test(arguments: ["Ünïcodé", "Звёздный й", "Việt Nam", "Άλφα", "أحمد"])
    func `composed and decomposed spellings give one slug`(name: String) {
        var decomposed = String.UnicodeScalarView()
        for scalar in name.unicodeScalars { decomposed.append(contentsOf: decompositions[scalar] ?? [scalar]) }
        #expect(decomposed.count > name.unicodeScalars.count)
        #expect(Slug.workspace(String(decomposed)) == Slug.workspace(name))
    }

    @Test func `a mark without a composed letter vanishes`() {
        #expect(Slug.workspace("q\u{303}x\u{489}") == "qx")
    }

    @Test func `thread slugs keep their case`() {
        #expect(Slug.thread("My Thread.A") == "My-Thread-dot-A")
    }

    @Test func `slugs are cut at a hundred bytes and never end with a dash`() {
        let name = String(repeating: "abcdefghi ", count: 1_000_000)
        let slug = Slug.workspace(name)
        #expect(slug?.utf8.count == 99)
        #expect(slug?.hasSuffix("-abcdefghi") == true)
    }

    private let decompositions: [Unicode.Scalar: [Unicode.Scalar]] = [
        "Ü": ["U", "\u{308}"], "ï": ["i", "\u{308}"], "é": ["e", "\u{301}"],
        "ё": ["е", "\u{308}"], "й": ["и", "\u{306}"], "ệ": ["e", "\u{323}", "\u{302}"],
        "Ά": ["Α", "\u{301}"], "أ": ["ا", "\u{654}"],
    ]
}
