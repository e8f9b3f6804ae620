import Domain
import Engine
import ModelContextProtocol
import OrderedJSON
import Persistence

/// Documents as resources.
struct MCPResources: Sendable {
    let library: MCPLibrary

    /// Resources of one page.
    private static let page = 100
    /// UTF-16 code units of text that are read at once.
    private static let maximumLength = 500_000
    private static let mediaType = "text/plain"

    static let template: JSON = [
        "uriTemplate": "lectern://documents/{folder}/{name}{?start}", "name": "document", "title": "Text of a document",
        "description":
            "The text of a document, from the character start on; resources/list and list_documents name the addresses.",
        "mimeType": .string(mediaType),
    ]

    func list(_ request: RPCRequest, for caller: Caller) async throws -> JSONObject {
        try Self.require(.readWorkspaces, of: caller)
        let offset = try Self.offset(request.parameters["cursor"])
        let (documents, total) = try await library.documents(
            matching: nil, offset: offset, limit: Self.page, for: caller)
        var result: JSONObject = ["resources": .array(documents.map(\.resource))]
        let end = offset + documents.count
        if end < total, !documents.isEmpty { result["nextCursor"] = .string(Self.cursor(end)) }
        return result
    }

    func read(_ request: RPCRequest, for caller: Caller) async throws -> JSONObject {
        try Self.require(.search, of: caller)
        guard let address = request.parameters["uri"]?.stringValue else {
            throw RPCError(.invalidParameters, "uri is missing.")
        }
        guard let uri = DocumentURI(address),
            let document = try await library.documents.find(uri.path.text, for: caller)?.document,
            let part = try await library.part(of: document, from: uri.start, length: Self.maximumLength)
        else {
            throw RPCError(
                .resourceNotFound, "There is no resource of this address.", data: ["uri": .string(address)])
        }
        var shown = part.text
        if let next = part.next {
            shown += "\n\n[The text goes on at \(DocumentURI(document.path, start: next).text).]"
        }
        let contents: JSON = [
            "uri": .string(address), "mimeType": .string(Self.mediaType), "text": .string(shown),
        ]
        return ["contents": [contents]]
    }

    private static func require(_ permission: Permission, of caller: Caller) throws(RPCError) {
        if let refusal = caller.refusal(of: permission) { throw RPCError(.refused, refusal) }
    }

    // MARK: Cursors

    /// Clients are not to read anything into a cursor.
    private static func cursor(_ offset: Int) -> String { "d\(offset)" }

    private static func offset(_ cursor: JSON?) throws(RPCError) -> Int {
        guard let cursor, cursor != .null else { return 0 }
        guard let text = cursor.stringValue, text.hasPrefix("d"), let offset = Int(text.dropFirst()), offset >= 0 else {
            throw RPCError(.invalidParameters, "cursor must be the nextCursor of the page before.")
        }
        return offset
    }
}

extension Document {
    fileprivate var resource: JSON {
        var object: JSONObject = [
            "uri": .string(DocumentURI(path).text), "name": .string(path.name), "title": .string(title),
        ]
        if !description.isEmpty { object["description"] = .string(description) }
        object["mimeType"] = "text/plain"
        return .object(object)
    }
}

/// A stretch of a text, whole characters.
struct TextPart: Sendable {
    let text: String
    /// UTF-16 offsets in the whole.
    let range: Range<Int>
    let wholeLength: Int

    /// - Parameters:
    ///   - start: a UTF-16 offset; one within a character counts as where that begins.
    ///   - length: UTF-16 code units at most, but one character at least.
    init(of whole: String, from start: Int, length: Int) {
        wholeLength = whole.utf16.count
        let wanted = whole.utf16.index(whole.startIndex, offsetBy: min(max(start, 0), wholeLength))
        let first = wanted < whole.endIndex ? whole.index(before: whole.index(after: wanted)) : wanted
        text = String(whole[first...]).shortened(toUTF16: length)
        let offset = first.utf16Offset(in: whole)
        range = offset..<offset + text.utf16.count
    }

    /// Where the rest begins; `nil` at the end.
    var next: Int? { range.upperBound < wholeLength && !range.isEmpty ? range.upperBound : nil }
}
