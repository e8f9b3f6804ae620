import Domain
import Testing

@Suite struct TranscriptTests {
    private func word(of document: ParsedDocument, atSecond second: Int) -> Substring {
        let starts = document.divisions?.starts ?? []
        let start = String.Index(utf16Offset: starts[second], in: document.text)
        return document.text[start...].prefix { $0 != " " && $0 != "\n" }
    }

    @Test func `words stand behind one another, with a paragraph at a pause, and each second knows its words`() {
        let transcript = Transcript(segments: [
            .init(text: " Moin moin.", from: 1.5, to: 2.9), .init(text: " ", from: 2.9, to: 3),
            .init(text: " The ferry leaves", from: 3, to: 4), .init(text: " at nine.", from: 4.2, to: 5),
            .init(text: " Mind the 👩‍👩‍👧 step.", from: 8, to: 9.5),
        ])
        let document = transcript.document
        #expect(document.text == "Moin moin. The ferry leaves at nine.\n\nMind the 👩‍👩‍👧 step.")
        #expect(document.divisions?.unit == .second && document.divisions?.firstNumber == 0)
        #expect(document.divisions?.starts.count == 10)
        #expect((0...1).map { word(of: document, atSecond: $0) } == ["Moin", "Moin"])
        #expect(word(of: document, atSecond: 3) == "The")
        #expect(word(of: document, atSecond: 4) == "at")
        // Nobody speaks in between.
        #expect((5...8).map { word(of: document, atSecond: $0) } == ["Mind", "Mind", "Mind", "Mind"])
    }

    @Test func `within a segment the seconds share its words evenly`() {
        let document = Transcript(segments: [.init(text: "0123456789", from: 0, to: 5)]).document
        #expect(document.divisions?.starts == [0, 2, 4, 6, 8])
    }

    @Test func `times that go back or stand still leave the order of the seconds`() {
        let document = Transcript(segments: [
            .init(text: "a", from: 4, to: 4), .init(text: "b", from: 2, to: 6), .init(text: "c", from: 6, to: 3),
        ]).document
        #expect(document.text == "a b c")
        #expect(document.divisions?.starts == [0, 0, 0, 0, 0, 2, 4])
    }

    @Test func `where times are missing there are none`() {
        let document = Transcript(segments: [
            .init(text: "a", from: 0, to: 1), .init(text: "b", seconds: nil),
        ]).document
        #expect(document.text == "a b" && document.divisions == nil)
        #expect(Transcript().document == ParsedDocument(text: ""))
    }

    @Test func `parts are moved to where they begin`() {
        var transcript = Transcript(segments: [.init(text: "a", from: 0, to: 1)])
        transcript.append(Transcript(segments: [.init(text: "b", from: 1, to: 2)]), at: 600)
        transcript.append(Transcript(segments: [.init(text: "c", seconds: nil)]), at: 1200)
        #expect(transcript.segments.map(\.seconds) == [0...1, 601...602, nil])
    }

    @Test(arguments: [
        (0, 0, "0:00"), (65, 107, "1:05–1:47"), (3599, 3600, "59:59–1:00:00"), (7265, 7265, "2:01:05"),
    ])
    func `a citation names minutes and seconds`(first: Int, last: Int, text: String) {
        #expect(Locator(.second, first...last).text == text)
    }
}
