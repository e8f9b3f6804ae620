import Domain

/// One part of a message (RFC 2045, 2046), which may have parts itself.
struct MIMEPart {
    let header: MailHeader
    /// Still encoded for the journey.
    let body: ArraySlice<UInt8>
    let type: HeaderParameters
    let disposition: HeaderParameters

    /// Parts within parts that are looked at, and parts of a message in all; real mail has a handful.
    static let maximumDepth = 20
    static let maximumParts = 1000

    /// - Parameter usualType: what a part is that does not say.
    init(_ bytes: ArraySlice<UInt8>, usualType: String = "text/plain") {
        let (header, body) = MailHeader.read(bytes)
        self.init(header: header, body: body, usualType: usualType)
    }

    init(header: MailHeader, body: ArraySlice<UInt8>, usualType: String = "text/plain") {
        self.header = header
        self.body = body
        let type = HeaderParameters(header.value("content-type"))
        self.type = type.value.contains("/") ? type : HeaderParameters(Array(usualType.utf8))
        disposition = HeaderParameters(header.value("content-disposition"))
    }

    var mediaType: String { type.value }
    var isMultipart: Bool { mediaType.hasPrefix("multipart/") }

    /// What the sender called the file, as it was written.
    var fileName: String? { disposition["filename"] ?? type["name"] }

    var decodedBody: [UInt8] {
        TransferEncoding.decode(body, name: HeaderParameters(header.value("content-transfer-encoding")).value)
    }

    /// The parts between the lines of the boundary, which the last such line closes; what comes before and after is for nobody.
    func parts(limit: Int) -> [MIMEPart] {
        let declared = type["boundary"].map { parts(boundary: $0, limit: limit) } ?? []
        if !declared.isEmpty { return declared }
        return boundaryOfBody.map { parts(boundary: $0, limit: limit) } ?? []
    }

    /// The boundary that the body begins with, where the header names another one or none.
    private var boundaryOfBody: String? {
        let start = body.drop { $0 <= 0x20 }
        let (line, rest) = MailLines.first(of: start)
        guard line.count > 4, line.starts(with: "--".utf8), !MIMEPart(rest).header.isEmpty else { return nil }
        return String(decoding: line.dropFirst(2), as: UTF8.self).trimmed
    }

    private func parts(boundary: String, limit: Int) -> [MIMEPart] {
        guard !boundary.isEmpty else { return [] }
        let mark = Array("--\(boundary)".utf8)
        var parts: [MIMEPart] = []
        var start: Int?
        var rest = body
        while !rest.isEmpty {
            let lineStart = rest.startIndex
            let (line, next) = MailLines.first(of: rest)
            rest = next
            guard line.starts(with: mark) else { continue }
            let tail = line.dropFirst(mark.count)
            let isEnd = tail.starts(with: "--".utf8)
            // A longer boundary may begin like this one.
            guard isEnd || tail.allSatisfy({ $0 == 0x20 || $0 == 0x09 }) else { continue }
            if let start { parts.append(part(start..<lineStart)) }
            if isEnd || parts.count >= limit { return parts }
            start = rest.startIndex
        }
        // The last boundary may have been cut off.
        if let start { parts.append(part(start..<body.endIndex)) }
        return parts
    }

    /// The line end before a boundary belongs to the boundary.
    private func part(_ range: Range<Int>) -> MIMEPart {
        var bytes = body[range]
        if bytes.last == 0x0A { bytes.removeLast() }
        if bytes.last == 0x0D { bytes.removeLast() }
        return MIMEPart(bytes, usualType: mediaType == "multipart/digest" ? "message/rfc822" : "text/plain")
    }
}
