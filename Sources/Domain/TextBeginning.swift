/// The beginning of a document's text.
package struct TextBeginning: Sendable, Equatable {
    package let text: String
    /// Whether the document ends here.
    package let isWhole: Bool
    /// UTF-16 offsets at which the pages start that begin within the text; empty where the document has no pages.
    package let pageStarts: [Int]

    /// Cuts `text` after at most `limit` UTF-16 code units, in front of the character that would be divided.
    package init(cutting text: String, to limit: Int, pageStarts: [Int]) {
        guard let cut = text.utf16.index(text.startIndex, offsetBy: limit, limitedBy: text.endIndex),
            cut < text.endIndex
        else {
            self.text = text
            isWhole = true
            self.pageStarts = pageStarts
            return
        }
        let kept = String(text[..<text.index(before: text.index(after: cut))])
        self.text = kept
        isWhole = false
        self.pageStarts = pageStarts.filter { $0 < kept.utf16.count }
    }
}
