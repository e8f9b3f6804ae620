import Domain

/// The header fields that go along with a link, as they lie in a job: encrypted, for they may be credentials.
struct LinkHeaders: Sendable {
    let secrets: SecretBox

    /// - Parameter id: of the document that the link becomes; the text is of no use in another job.
    func seal(_ headers: [LinkHeader], for id: String) throws -> String? {
        guard !headers.isEmpty else { return nil }
        // Neither names nor values have line breaks.
        return try secrets.seal(
            headers.map { "\($0.name):\($0.value)" }.joined(separator: "\n"), for: Self.name(id))
    }

    /// - Throws: where the key file is another one than it was.
    func open(_ link: LinkIngestion) throws -> [LinkHeader] { try open(link.sealedHeaders, of: link.documentID) }

    /// - Parameter id: what they were sealed for.
    func open(_ sealed: String?, of id: String) throws -> [LinkHeader] {
        guard let sealed else { return [] }
        let lines: String
        do { lines = try secrets.open(sealed, for: Self.name(id)) } catch {
            throw ServiceError(
                .unprocessable, "The headers of the link cannot be read any more; send it again.", cause: error)
        }
        return lines.split(separator: "\n").compactMap { line in
            let parts = line.split(separator: ":", maxSplits: 1).map(String.init)
            return parts.count == 2 ? LinkHeader(name: parts[0], value: parts[1]) : nil
        }
    }

    private static func name(_ id: String) -> String { "headers of link \(id)" }
}
