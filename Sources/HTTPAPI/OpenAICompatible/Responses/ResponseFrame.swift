import Domain
import Engine
import HTTPTypes
import OrderedJSON

/// The object of a response, from its beginning to its end.
struct ResponseFrame: Sendable {
    enum Status: String { case inProgress = "in_progress", completed, incomplete, failed }

    let id = ResponseID.random()
    let created = Timestamp.now
    let model: String
    let payload: ResponsePayload
    /// What is kept of the items that were sent, as JSON; `nil` where nothing is.
    let input: String?

    /// Bytes of items that are kept.
    private static let maximumInput = 32 << 20

    /// - Parameter items: that were sent, or referred to.
    init(model: String, _ payload: ResponsePayload, items: [JSON]) {
        self.model = model
        self.payload = payload
        guard payload.stores else {
            input = nil
            return
        }
        let response = self.id
        let text = JSON.array(items.enumerated().map { $1.listed(as: response, $0) }).text
        input = text.utf8.count <= Self.maximumInput ? text : nil
    }

    /// - Parameters:
    ///   - answer: what came of it, as soon as that is known.
    ///   - error: why it failed.
    func object(
        _ status: Status, output: [JSON] = [], answer: ChatAnswer? = nil, error: APIError? = nil
    ) -> JSONObject {
        let head: JSONObject = [
            "id": .string(id.text), "object": "response", "created_at": .integer(created.seconds),
            "status": .string(status.rawValue), "background": false,
            "completed_at": status == .completed ? .integer(Timestamp.now.seconds) : .null,
            "error": error.map(Self.failure) ?? .null,
            "incomplete_details": status == .incomplete ? ["reason": Self.reason(answer)] : .null,
            "model": .string(model), "output": .array(output), "store": .bool(input != nil),
            "usage": answer.map(Self.usage) ?? .null,
        ]
        let object = head.merging(payload.echo)
        return answer.map { object.merging(CompletionFrame.additions([$0])) } ?? object
    }

    /// What is kept; `nil` where nothing is.
    func stored(_ object: JSONObject, in workspace: Workspace) -> StoredResponse? {
        input.map { input in
            StoredResponse(
                id: id.text, workspaceID: workspace.id, previousID: payload.previousID, createdAt: created,
                body: JSON.object(object).text, input: input)
        }
    }

    // MARK: Parts

    /// OpenAI knows two codes for what goes wrong with a model.
    private static func failure(_ error: APIError) -> JSON {
        let message = error.body["error"]?["message"] ?? .string(error.message)
        return ["code": error.status == .tooManyRequests ? "rate_limit_exceeded" : "server_error", "message": message]
    }

    private static func reason(_ answer: ChatAnswer?) -> JSON {
        answer?.finishReason == .contentFilter ? "content_filter" : "max_output_tokens"
    }

    private static func usage(_ answer: ChatAnswer) -> JSON {
        let (input, output) = (answer.metrics?.promptTokens ?? 0, answer.metrics?.completionTokens ?? 0)
        return [
            "input_tokens": JSON(input), "input_tokens_details": ["cached_tokens": 0, "cache_write_tokens": 0],
            "output_tokens": JSON(output), "output_tokens_details": ["reasoning_tokens": 0],
            "total_tokens": JSON(input + output),
        ]
    }

    /// The documents that a text cites, each where it does; where it cites none, those that it draws on, at its end.
    func annotations(of text: String, _ sources: [Source]) -> [JSON] {
        guard !payload.wantsJSON, !text.isEmpty else { return [] }
        let cited = Citation.places(in: text, sourceCount: sources.count).map { (sources[$0.source], $0.offset) }
        guard cited.isEmpty else { return cited.compactMap(Self.citation) }
        var seen: Set<String> = []
        let documents = sources.filter { $0.documentID.map { seen.insert($0).inserted } ?? false }
        return documents.compactMap { Self.citation($0, at: text.utf16.count) }
    }

    private static func citation(_ source: Source, at index: Int) -> JSON? {
        source.documentID.map { id in
            [
                "type": "file_citation", "index": JSON(index), "file_id": .string(FileID(document: id).text),
                "filename": .string(source.title),
            ]
        }
    }
}

extension JSON {
    /// An item that was sent, as it is listed: each has an id.
    fileprivate func listed(as response: ResponseID, _ index: Int) -> JSON {
        guard var item = objectValue else { return self }
        if item["id"]?.stringValue == nil {
            let kind =
                switch item["type"] {
                case "function_call": "fc"
                case "function_call_output": "fco"
                case "reasoning": "rs"
                case "file_search_call": "fs"
                default: "msg"
                }
            item = JSONObject(["id": .string(response.inputItem(kind, index))]).merging(item)
            item["id"] = .string(response.inputItem(kind, index))
        }
        if item["status"] == nil { item["status"] = "completed" }
        return .object(item)
    }
}
