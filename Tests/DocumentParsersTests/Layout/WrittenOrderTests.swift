import Testing

@testable import DocumentParsers

/// What is seen from left to right on paper, in the order in which it is read.
@Suite struct WrittenOrderTests {
    private func read(_ seen: String) -> String {
        var place: Float = 0
        let words = seen.split(separator: " ").map { text in
            defer { place += 20 }
            return PlacedWord(text: String(text), box: Box(left: place, top: 0, width: 15, height: 10))
        }
        return WrittenOrder.words(words).map(\.text).joined(separator: " ")
    }

    @Test func `words and letters are turned`() {
        #expect(read("םולש הרומ") == "מורה שלום")
        #expect(read("plain words stay 17") == "plain words stay 17")
    }

    /// Some programs write the brackets that are seen, others those that are meant.
    @Test(arguments: ["ףוחב (Alder Point) עלס", "ףוחב )Alder Point( עלס"])
    func `brackets around Latin words open before them`(seen: String) {
        #expect(read(seen) == "סלע (Alder Point) בחוף")
    }

    @Test(arguments: ["(םולש)", ")םולש("])
    func `brackets around a word open before it`(seen: String) {
        #expect(read(seen) == "(שלום)")
    }

    @Test func `brackets within Latin words are theirs`() {
        #expect(read("ףוחב Alder (Point) עלס") == "סלע Alder (Point) בחוף")
    }

    @Test func `a dot left of a Latin word ends the sentence`() {
        #expect(read(".Alder לעפמה") == "המפעל Alder.")
    }

    @Test func `numbers keep their figures, and stay behind the Latin word before them`() {
        #expect(read("1871 תנשב") == "בשנת 1871")
        #expect(read("ףוחב Station 7 תנחת") == "תחנת Station 7 בחוף")
    }

    @Test func `a Hebrew word in a Latin line is turned alone`() {
        #expect(read("the word םולש is Hebrew") == "the word שלום is Hebrew")
    }
}
