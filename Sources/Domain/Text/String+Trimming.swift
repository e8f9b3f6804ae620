extension String {
    /// Without white space at either end.
    package var trimmed: String { self[...].trimmed }
}

extension Substring {
    /// Without white space at either end.
    package var trimmed: String { String(trimmedSlice) }

    /// The same, not copied.
    package var trimmedSlice: Substring {
        guard let first = firstIndex(where: { !$0.isWhitespace }), let last = lastIndex(where: { !$0.isWhitespace })
        else { return self[endIndex...] }
        return self[first...last]
    }
}
