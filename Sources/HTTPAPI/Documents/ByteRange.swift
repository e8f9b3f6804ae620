import HTTPTypes

/// Which bytes of a file a request is about (RFC 9110, section 14).
enum ByteRange: Equatable {
    case whole
    case part(Range<Int>)
    /// No byte of the file is among those that were asked for.
    case none

    /// - Parameters:
    ///   - size: of the file, in bytes.
    ///   - tag: the file's strong entity tag: a range of another version is not meant.
    init(_ headers: HTTPFields, size: Int, tag: String) {
        self = .whole
        guard let field = headers[.range], headers[.ifRange].map({ $0 == tag }) ?? true else { return }
        let parts = field.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        // Several ranges at once may be answered with the whole (section 14.2), and so may what is no range.
        guard parts.count == 2, parts[0].lowercased() == "bytes", let range = Self.range(parts[1], size: size)
        else { return }
        self = range.isEmpty ? .none : .part(range)
    }

    /// Empty where no byte is asked for, `nil` where it is no single range.
    private static func range(_ text: Substring, size: Int) -> Range<Int>? {
        let ends = text.split(separator: "-", omittingEmptySubsequences: false)
        guard ends.count == 2 else { return nil }
        // A number that no file reaches is as good as any other beyond its end.
        let numbers = ends.map { end -> Int? in
            end.isEmpty || !end.utf8.allSatisfy { 0x30...0x39 ~= $0 } ? nil : Int(end) ?? .max
        }
        switch (numbers[0], numbers[1]) {
        case (let first?, let last?) where first <= last:
            return first < size ? first..<min(size, last == .max ? size : last + 1) : 0..<0
        case (let first?, nil) where ends[1].isEmpty: return first < size ? first..<size : 0..<0
        case (nil, let count?) where ends[0].isEmpty: return max(0, size - min(size, count))..<size
        default: return nil
        }
    }
}
