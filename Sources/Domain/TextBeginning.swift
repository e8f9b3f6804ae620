/// The beginning of a document's text.
package struct TextBeginning: Sendable, Equatable {
    package let text: String
    /// Whether the document ends here.
    package let isWhole: Bool
    /// Those of the document's divisions that begin within the text.
    package let divisions: Divisions?

    /// Cuts `text` after at most `limit` UTF-16 code units, in front of the character that would be divided.
    package init(cutting text: String, to limit: Int, divisions: Divisions?) {
        guard let cut = text.utf16.index(text.startIndex, offsetBy: limit, limitedBy: text.endIndex),
            cut < text.endIndex
        else {
            self.text = text
            isWhole = true
            self.divisions = divisions
            return
        }
        let kept = String(text[..<text.index(before: text.index(after: cut))])
        self.text = kept
        isWhole = false
        let length = kept.utf16.count
        self.divisions = divisions.map { whole in
            Divisions(whole.unit, firstNumber: whole.firstNumber, starts: whole.starts.filter { $0 < length })
        }
    }
}
