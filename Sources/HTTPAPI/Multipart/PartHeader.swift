import Domain

/// What the header block of one part says: the field's name, the file's name and the media type (RFC 7578, 4.2 to 4.4).
package struct PartHeader: Equatable, Sendable {
    /// `nil` where the part does not say; such a part belongs to no field.
    package var name: String?
    /// As the client sent it, decoded. Never a path to be used: see `ClientFileName`.
    package var fileName: String?
    /// In lower case, without parameters.
    package var mediaType: String?

    package init(name: String?, fileName: String? = nil, mediaType: String? = nil) {
        self.name = name
        self.fileName = fileName
        self.mediaType = mediaType
    }

    /// Reads the lines between two boundaries' header ends, separated by CRLF. Fields that a form has no use for are
    /// skipped.
    init(block: ArraySlice<UInt8>) throws(MultipartError) {
        for line in try Self.unfoldedLines(of: block) {
            guard let colon = line.firstIndex(of: UInt8(ascii: ":")), colon > line.startIndex else {
                throw .malformedPartHeader("a line without a field name")
            }
            let value = HeaderParameters(line[(colon + 1)...])
            switch HeaderParameters.text(line[..<colon].trimmingBlanks).lowercased() {
            case "content-disposition":
                guard value.value == "form-data" else { throw .malformedPartHeader("the disposition is not form-data") }
                name = value["name"].map { HeaderParameters.text(Self.undoingFormEscapes($0)) }
                fileName =
                    value["filename*"].flatMap(Self.extendedValue)
                    ?? value["filename"].map { HeaderParameters.text(Self.undoingFormEscapes($0)) }
            case "content-type": mediaType = value.value
            default: break
            }
        }
    }

    /// The lines of the block. A line that begins with a blank continues the one before it (RFC 5322, 2.2.3).
    private static func unfoldedLines(of block: ArraySlice<UInt8>) throws(MultipartError) -> [ArraySlice<UInt8>] {
        var lines: [ArraySlice<UInt8>] = []
        var rest = block
        while !rest.isEmpty {
            let end = rest.indices.first { rest[$0] == 0x0D && $0 + 1 < rest.endIndex && rest[$0 + 1] == 0x0A }
            let line = rest[..<(end ?? rest.endIndex)]
            rest = end.map { rest[($0 + 2)...] } ?? []
            if line.first?.isBlank == true {
                guard !lines.isEmpty else { throw .malformedPartHeader("it begins with a continued line") }
                lines[lines.endIndex - 1] += line
            } else {
                lines.append(line)
            }
        }
        return lines
    }

    /// Browsers write a quote and line ends inside names as `%22`, `%0D`, `%0A` and leave every other `%` alone
    /// (HTML, "multipart/form-data encoding algorithm"); so just these three are undone.
    private static func undoingFormEscapes(_ bytes: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        var rest = bytes[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "%"), let escaped = escapedByte(rest.prefix(2)),
                [0x22, 0x0D, 0x0A].contains(escaped)
            {
                result.append(escaped)
                rest = rest.dropFirst(2)
            } else {
                result.append(byte)
            }
        }
        return result
    }

    private static func escapedByte(_ digits: ArraySlice<UInt8>) -> UInt8? {
        guard digits.count == 2, let high = digits.first?.hexadecimalValue, let low = digits.last?.hexadecimalValue
        else { return nil }
        return high << 4 | low
    }

    /// `UTF-8''na%C3%AFve.txt`, the extended notation of RFC 5987 (3.2). `nil` where it is not well formed or in another
    /// character set than the two that the RFC demands, so that the plain parameter is used instead.
    private static func extendedValue(_ bytes: [UInt8]) -> String? {
        let pieces = bytes.split(separator: UInt8(ascii: "'"), maxSplits: 2, omittingEmptySubsequences: false)
        guard pieces.count == 3 else { return nil }
        var decoded: [UInt8] = []
        var rest = pieces[2]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else { decoded.append(byte); continue }
            guard let escaped = escapedByte(rest.prefix(2)) else { return nil }
            decoded.append(escaped)
            rest = rest.dropFirst(2)
        }
        switch HeaderParameters.text(pieces[0]).lowercased() {
        case "utf-8": return String(validating: decoded, as: UTF8.self)
        case "iso-8859-1": return String(String.UnicodeScalarView(decoded.map { Unicode.Scalar($0) }))
        default: return nil
        }
    }
}
