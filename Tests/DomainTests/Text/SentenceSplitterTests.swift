import Domain
import Testing

@Suite struct SentenceSplitterTests {
    @Test(arguments: [
        ["The first one.", "The second one!", "Is there a third?"],
        ["Dr. Smith met Mr. J. R. Jones at 3.14 p.m. in St. Louis.", "They talked."],
        ["See fig. 3 and no. 7, e.g. the blue one.", "It costs $3.50.", "Visit example.org/a.html for more."],
        ["He said \"Go.\"", "Then he left (quickly).", "Nobody knew why…", "So it was."],
        ["Am 3. Mai 2020 kam Prof. Meier, bzw. sein Assistent.", "Das war z.B. gut."],
        ["Он приехал в 1999 г. из Москвы.", "Потом уехал?"],
        ["これは文です。", "もう一つ！", "本当ですか？"],
        ["यह पहला वाक्य है।", "यह दूसरा है।"],
        ["version 2.0 is out"],
    ])
    func `sentences end where readers end them`(sentences: [String]) {
        let isJapanese = sentences[0].hasSuffix("。")
        #expect(SentenceSplitter.sentences(in: sentences.joined(separator: isJapanese ? "" : " ")) == sentences)
    }

    @Test func `blank text has no sentences`() {
        #expect(SentenceSplitter.sentences(in: " \n ").isEmpty)
        #expect(TextUnit.units(in: "\n\n \n").isEmpty)
    }

    @Test func `wrapped lines are joined and hyphenation is repaired`() {
        let text = "The commit-\ntee decided to post\u{AD}\npone the vote\nuntil May. It was a well-\nKnown fact."
        #expect(
            TextUnit.units(in: text).map(\.text) == [
                "The committee decided to postpone the vote until May.", "It was a well- Known fact.",
            ])
        #expect(TextUnit.units(in: "日本語の\n文章です。").map(\.text) == ["日本語の文章です。"])
    }

    @Test func `headings, lists, tables and code are units of their own`() {
        let text = """
            # Guide

            Installing

            Run the script. It asks nothing.
            - first item
              goes on here
            - second item
            2. numbered

            | Name | Size |
            |------|-----:|
            | a.txt | 12 |

            id,city,amount
            1,Berlin,5

            ```swift
            let x = 1

            print(x)
            ```
            Done.
            """
        #expect(
            TextUnit.units(in: text) == [
                TextUnit(kind: .heading, text: "Guide"), TextUnit(kind: .heading, text: "Installing"),
                TextUnit(kind: .sentence, text: "Run the script."),
                TextUnit(kind: .sentence, text: "It asks nothing.", isContinuation: true),
                TextUnit(kind: .listItem, text: "first item goes on here"),
                TextUnit(kind: .listItem, text: "second item"),
                TextUnit(kind: .listItem, text: "2. numbered"), TextUnit(kind: .tableRow, text: "Name | Size"),
                TextUnit(kind: .tableRow, text: "a.txt | 12"), TextUnit(kind: .tableRow, text: "id | city | amount"),
                TextUnit(kind: .tableRow, text: "1 | Berlin | 5"),
                TextUnit(kind: .code, text: "let x = 1\n\nprint(x)"), TextUnit(kind: .sentence, text: "Done."),
            ])
    }

    @Test func `manual pages and justified text are read as headings and sentences`() {
        let manual = "NAME\n       tar - an archiver\n\n"
        let text = manual + "This  is  a  short   description   of the program, for a discus\u{2010}\nsion see below."
        #expect(
            TextUnit.units(in: text) == [
                TextUnit(kind: .heading, text: "NAME"), TextUnit(kind: .sentence, text: "tar - an archiver"),
                TextUnit(
                    kind: .sentence,
                    text: "This  is  a  short   description   of the program, for a discussion see below."),
            ])
    }

    @Test func `code without fences is not read as sentences`() {
        let text = "Use a loop:\n\nfor (int i = 0; i < n; i++) {\n  sum += a[i];\n}\n\nThat is all."
        #expect(TextUnit.units(in: text).map(\.kind) == [.sentence, .code, .sentence])
    }
}
