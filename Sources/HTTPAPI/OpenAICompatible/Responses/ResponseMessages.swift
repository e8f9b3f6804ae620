import Domain
import OrderedJSON

/// Turns items of responses into messages of completions, which are read like any other.
struct ResponseMessages {
    /// Instructions first: where they stand does not matter.
    var named: [CompletionMessages.NamedMessage] { instructions + turns }

    private var instructions: [CompletionMessages.NamedMessage] = []
    private var turns: [CompletionMessages.NamedMessage] = []

    typealias NamedItem = (name: String, item: JSON)

    init(_ items: [NamedItem]) throws {
        for item in items { try add(OpenAIFields(item.item, named: item.name), named: item.name) }
    }

    private mutating func add(_ item: OpenAIFields, named name: String) throws {
        switch try item.text("type") ?? "message" {
        case "message":
            let role = try item.requiredText("role")
            let content = try Self.content(item, "content")
            if role == "system" || role == "developer" {
                instructions.append((name: name, message: ["role": .string(role), "content": content]))
            } else {
                addTurn(role, content, named: name)
            }
        case "function_call":
            let function: JSON = [
                "name": .string(try item.requiredText("name")),
                "arguments": .string(try item.text("arguments") ?? ""),
            ]
            addCall(
                ["id": .string(try item.requiredText("call_id")), "type": "function", "function": function], named: name
            )
        case "function_call_output":
            let message: JSON = [
                "role": "tool", "tool_call_id": .string(try item.requiredText("call_id")),
                "content": try Self.content(item, "output"),
            ]
            turns.append((name: name, message: message))
        // What the model thought and what was searched for it is shown to no model again.
        case "reasoning", "file_search_call", "web_search_call", "compaction": break
        default: throw item.invalid("type", "must be message, function_call, function_call_output or reasoning")
        }
    }

    /// What an assistant says beside calls of tools belongs to their message: behind it their results must come.
    private mutating func addTurn(_ role: String, _ content: JSON, named name: String) {
        guard role == "assistant", let last = turns.last?.message.objectValue, last["tool_calls"] != nil else {
            return turns.append((name: name, message: ["role": .string(role), "content": content]))
        }
        var message = last
        message["content"] = .array((last["content"]?.arrayValue ?? []) + (content.arrayValue ?? []))
        turns[turns.count - 1].message = .object(message)
    }

    private mutating func addCall(_ call: JSON, named name: String) {
        guard var message = turns.last?.message.objectValue, message["role"] == "assistant" else {
            return turns.append((name: name, message: ["role": "assistant", "tool_calls": [call]]))
        }
        message["tool_calls"] = .array((message["tool_calls"]?.arrayValue ?? []) + [call])
        turns[turns.count - 1].message = .object(message)
    }

    // MARK: Content

    private static func content(_ item: OpenAIFields, _ key: String) throws -> JSON {
        switch item[key] {
        case .string(let text)?: return [["type": "text", "text": .string(text)]]
        case .array(let parts)?:
            return .array(
                try parts.enumerated().map { index, part in
                    try self.part(try OpenAIFields(part, named: item.name(of: "\(key)[\(index)]")), part)
                })
        default: throw item.invalid(key, "must be a text or an array of parts")
        }
    }

    private static func part(_ fields: OpenAIFields, _ part: JSON) throws -> JSON {
        switch try fields.requiredText("type") {
        case "input_text", "output_text", "text": return ["type": "text", "text": part["text"] ?? nil]
        case "refusal", "input_audio": return part
        case "input_image":
            guard let url = try fields.text("image_url") else {
                throw fields.invalid("image_url", "must be a web address or a data URL of a picture")
            }
            return ["type": "image_url", "image_url": ["url": .string(url)]]
        case "input_file":
            guard fields["file_url"] == nil else {
                throw fields.invalid("file_url", "is not supported; send file_data")
            }
            return ["type": "file", "file": part]
        default: throw fields.invalid("type", "must be input_text, input_image, input_audio or input_file")
        }
    }
}
