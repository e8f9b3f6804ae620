import NIOHTTP1

/// Whether it is beyond doubt where a request's body ends (RFC 9112, section 6). Where two readers could disagree, the second
/// half of a body might be taken for another request.
enum RequestFraming {
    /// The status that refuses the request; `nil` where its framing is sound.
    static func fault(in head: HTTPRequestHead) -> HTTPResponseStatus? {
        // RFC 9112, section 3.2: two readers could take the request for one to different servers.
        let hosts = head.headers["host"].count
        guard hosts == 1 || hosts == 0 && head.version.minor == 0 else { return .badRequest }
        let codings = head.headers["transfer-encoding"]
        let lengths = head.headers["content-length"]
        guard !codings.isEmpty else { return isLength(lengths) ? nil : .badRequest }
        guard lengths.isEmpty, codings.count == 1, head.version == .http1_1 else { return .badRequest }
        let words = codings[0].split(separator: ",").map { $0.lowercased().filter { $0 != " " && $0 != "\t" } }
        guard words != ["chunked"] else { return codings[0].lowercased() == "chunked" ? nil : .badRequest }
        // Chunked must come last and once; what stands before it is a coding that this server does not undo.
        return words.last == "chunked" && words.dropLast().contains("chunked") ? .badRequest : .notImplemented
    }

    private static func isLength(_ values: [String]) -> Bool {
        guard let value = values.first else { return true }
        return values.count == 1 && !value.isEmpty && value.utf8.allSatisfy { (0x30...0x39).contains($0) }
            && Int(value) != nil
    }
}
