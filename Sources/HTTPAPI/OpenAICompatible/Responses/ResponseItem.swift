import Domain
import OrderedJSON

/// An item of a response's output while it is made, with the names that its events have.
struct ResponseItem {
    enum Kind: Equatable {
        case message, refusal
        /// What the model thinks, as it is or as a summary.
        case reasoning(isSummary: Bool)
        case call(id: String, name: String)
        case search
    }

    let kind: Kind
    let id: String
    /// Its place in the output.
    let index: Int
    /// Of a call the arguments.
    var text = ""
    var probabilities: [TokenProbability] = []
    /// As it was sent when it was done; `nil` until then.
    var done: JSON?

    init(_ kind: Kind, of response: ResponseID, index: Int) {
        self.kind = kind
        self.index = index
        let prefix =
            switch kind {
            case .message, .refusal: "msg"
            case .reasoning: "rs"
            case .call: "fc"
            case .search: "fs"
            }
        id = response.outputItem(prefix, index)
    }

    // MARK: Events

    /// `response.NAME.delta`, `response.NAME.done`
    var name: String {
        switch kind {
        case .message: "output_text"
        case .refusal: "refusal"
        case .reasoning(let isSummary): isSummary ? "reasoning_summary_text" : "reasoning_text"
        case .call: "function_call_arguments"
        case .search: "file_search_call"
        }
    }

    /// `response.NAME.added`, `response.NAME.done`; `nil` where the item has no parts.
    var partName: String? {
        switch kind {
        case .message, .refusal, .reasoning(isSummary: false): "content_part"
        case .reasoning(isSummary: true): "reasoning_summary_part"
        case .call, .search: nil
        }
    }

    /// Where an event belongs: to the item, and to its only part.
    var place: JSONObject {
        var place: JSONObject = ["item_id": .string(id), "output_index": JSON(index)]
        switch kind {
        case .message, .refusal, .reasoning(isSummary: false): place["content_index"] = 0
        case .reasoning(isSummary: true): place["summary_index"] = 0
        case .call, .search: break
        }
        return place
    }

    /// The whole text as its last event has it.
    var whole: JSONObject {
        switch kind {
        case .message: ["text": .string(text), "logprobs": logprobs]
        case .refusal: ["refusal": .string(text)]
        case .reasoning, .search: ["text": .string(text)]
        case .call(_, let name): ["name": .string(name), "arguments": .string(text)]
        }
    }

    // MARK: Shapes

    private var logprobs: JSON {
        .array(probabilities.map { CompletionFrame.probability($0, isWhole: true) })
    }

    func part(_ annotations: [JSON] = []) -> JSON {
        switch kind {
        case .message:
            [
                "type": "output_text", "annotations": .array(annotations), "logprobs": logprobs,
                "text": .string(text),
            ]
        case .refusal: ["type": "refusal", "refusal": .string(text)]
        case .reasoning(let isSummary):
            ["type": isSummary ? "summary_text" : "reasoning_text", "text": .string(text)]
        case .call, .search: .null
        }
    }

    /// - Parameter status: `in_progress`, `completed` or `incomplete`; an item in progress has no parts yet.
    func json(_ status: ResponseFrame.Status, _ annotations: [JSON] = []) -> JSON {
        let parts: JSON = status == .inProgress ? [] : [part(annotations)]
        let state: JSON = .string(status.rawValue)
        return switch kind {
        case .message, .refusal:
            ["id": .string(id), "type": "message", "status": state, "role": "assistant", "content": parts]
        case .reasoning(let isSummary):
            [
                "id": .string(id), "type": "reasoning", "status": state, "summary": isSummary ? parts : [],
                "content": isSummary ? [] : parts,
            ]
        case .call(let callID, let name):
            [
                "id": .string(id), "type": "function_call", "status": state, "call_id": .string(callID),
                "name": .string(name), "arguments": .string(text),
            ]
        case .search:
            ["id": .string(id), "type": "file_search_call", "status": state, "queries": [], "results": nil]
        }
    }
}
