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
            let value = FieldParameters(line[(colon + 1)...])
            switch FieldParameters.text(line[..<colon].trimmingBlanks).lowercased() {
            case "content-disposition":
                guard value.value == "form-data" else { throw .malformedPartHeader("the disposition is not form-data") }
                name = value["name"].map { FieldParameters.text(Self.undoingFormEscapes($0)) }
                fileName =
                    value.extended("filename")
                    ?? value["filename"].map { FieldParameters.text(Self.undoingFormEscapes($0)) }
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
}
