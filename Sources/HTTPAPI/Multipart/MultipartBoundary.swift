import Domain

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// The line that separates the parts of a form, and how it is found in bytes that arrive in pieces (RFC 2046, 5.1.1).
struct MultipartBoundary {
    /// CRLF, two hyphens and the boundary. The CRLF belongs to the delimiter, not to the part before it.
    let delimiter: [UInt8]

    /// White space that may stand between the boundary and the end of its line; beyond it, the line is data.
    static let maximumPadding = 128
    /// RFC 2046 allows 70; some clients take more.
    private static let maximumLength = 200

    /// From a request's `Content-Type`.
    init(contentType: String?) throws(MultipartError) {
        let header = FieldParameters(Array((contentType ?? "").utf8))
        guard header.value == "multipart/form-data" else { throw .notMultipart }
        guard let boundary = header["boundary"], (1...Self.maximumLength).contains(boundary.count),
            // A control character could make the delimiter overlap itself, and is never allowed.
            boundary.allSatisfy({ $0 >= 0x20 && $0 != 0x7F })
        else { throw .boundaryNotFound }
        delimiter = Array("\r\n--".utf8) + boundary
    }

    /// What the bytes at some place are.
    enum Match: Equatable {
        case data
        /// A delimiter so far; the bytes that follow decide.
        case incomplete
        /// A delimiter of that many bytes, before the CRLF that opens the header block of the next part.
        case part(length: Int)
        /// The last delimiter, of that many bytes.
        case close(length: Int)
    }

    func match(_ bytes: UnsafeRawBufferPointer, at start: Int) -> Match {
        let available = bytes.count - start
        guard let base = bytes.baseAddress, memcmp(base + start, delimiter, min(available, delimiter.count)) == 0 else {
            return .data
        }
        guard available >= delimiter.count + 2 else { return .incomplete }
        let end = start + delimiter.count
        if bytes[end] == UInt8(ascii: "-") {
            return bytes[end + 1] == UInt8(ascii: "-") ? .close(length: delimiter.count + 2) : .data
        }
        let padding = bytes[end...].prefix(Self.maximumPadding + 1).prefix(while: \.isBlank).count
        guard padding <= Self.maximumPadding else { return .data }
        let line = end + padding
        guard line < bytes.count else { return .incomplete }
        guard bytes[line] == 0x0D else { return .data }
        guard line + 1 < bytes.count else { return .incomplete }
        return bytes[line + 1] == 0x0A ? .part(length: delimiter.count + padding) : .data
    }

    /// The first place that is not known to be data, and what it is; `nil` where everything is data.
    ///
    /// Linear in the number of bytes: a boundary holds no CR, so a candidate's bytes are not candidates themselves.
    func firstMatch(in bytes: UnsafeRawBufferPointer) -> (offset: Int, match: Match)? {
        guard let base = bytes.baseAddress else { return nil }
        var offset = 0
        while offset < bytes.count {
            // Without these shortcuts, data full of line ends takes ten times as long.
            if bytes[offset] != 0x0D {
                guard let found = memchr(base + offset, 0x0D, bytes.count - offset) else { return nil }
                offset = UnsafeRawPointer(found) - base
            }
            guard offset + 1 == bytes.count || bytes[offset + 1] == 0x0A else { offset += 1; continue }
            guard offset + 2 >= bytes.count || bytes[offset + 2] == UInt8(ascii: "-") else { offset += 2; continue }
            let match = match(bytes, at: offset)
            if match != .data { return (offset, match) }
            offset += 1
        }
        return nil
    }
}
