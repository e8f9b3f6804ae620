import Domain
import Engine
import OrderedJSON

/// The chunks of a completion that is streamed.
extension CompletionFrame {
    /// The first piece names the role; content is always a text.
    func piece(_ text: String, _ place: Place) -> JSON {
        chunk(place, delta: ["content": .string(text)])
    }

    /// In the field that servers of reasoning models use; the text has none of it.
    func reasoning(_ text: String, _ place: Place) -> JSON {
        chunk(place, delta: ["content": "", "reasoning_content": .string(text)])
    }

    /// Of the tokens of the text before.
    func probabilities(_ items: [TokenProbability], _ place: Place) -> JSON {
        chunk(place, delta: ["content": ""], probabilities: items)
    }

    /// A stretch of a call. A client of functions is told of the first call alone.
    func callPiece(_ piece: ToolCallPiece, _ place: Place) -> JSON? {
        let function = Self.function(piece.name, piece.arguments)
        if usesFunctions {
            return piece.index == 0 ? chunk(place, delta: ["content": "", "function_call": function]) : nil
        }
        var call: JSONObject = ["index": JSON(piece.index)]
        if let id = piece.id {
            call["id"] = .string(id)
            call["type"] = "function"
        }
        call["function"] = function
        return chunk(place, delta: ["content": "", "tool_calls": [.object(call)]])
    }

    /// The end of one choice.
    /// - Parameter answers: of all choices where this is the last to end, else none: what belongs to all of them follows.
    func end(_ answer: ChatAnswer, of answers: [ChatAnswer], _ place: Place) -> JSON {
        var rest = answers.isEmpty ? JSONObject() : Self.additions(answers)
        if !includesUsage, !answers.isEmpty { rest["usage"] = usage(answers) }
        return chunk(place, delta: ["content": ""], finishReason: finishReason(answer), rest: rest)
    }

    /// What follows the end where the usage was asked for.
    func usageChunk(_ answers: [ChatAnswer]) -> JSON {
        .object(head.merging(["choices": [], "usage": usage(answers)]))
    }

    private var head: JSONObject {
        [
            "id": .string(id), "object": "chat.completion.chunk", "created": .integer(created),
            "model": .string(model),
        ]
    }

    private func chunk(
        _ place: Place, delta: JSONObject, probabilities: [TokenProbability] = [], finishReason: String? = nil,
        rest: JSONObject = JSONObject()
    ) -> JSON {
        let role: JSONObject = place.isFirst ? ["role": "assistant"] : [:]
        var object = head
        object["choices"] = [
            [
                "index": JSON(place.index), "delta": .object(role.merging(delta)),
                "logprobs": Self.probabilities(probabilities), "finish_reason": JSON(finishReason),
            ]
        ]
        if includesUsage { object["usage"] = .null }
        return .object(object.merging(rest))
    }
}
