extension String {
    /// The beginning, of at most `limit` UTF-16 code units: cut between characters, or where a single character is longer
    /// than that, between its scalars.
    package func shortened(toUTF16 limit: Int) -> String {
        guard let cut = utf16.index(startIndex, offsetBy: limit, limitedBy: endIndex), cut < endIndex else {
            return self
        }
        let character = index(before: index(after: cut))
        guard character == startIndex else { return String(self[..<character]) }
        return String(unicodeScalars[..<unicodeScalars.index(before: unicodeScalars.index(after: cut))])
    }
}
