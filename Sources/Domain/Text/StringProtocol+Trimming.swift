extension StringProtocol {
    /// Without white space at either end.
    package var trimmed: String { String(trimmedSlice) }

    /// The same, not copied.
    package var trimmedSlice: SubSequence {
        guard let first = firstIndex(where: { !$0.isWhitespace }), let last = lastIndex(where: { !$0.isWhitespace })
        else { return self[endIndex...] }
        return self[first...last]
    }
}
