import Domain
import Engine
import OrderedJSON

/// A completion that is sent whole.
extension CompletionFrame {
    /// - Parameter answers: one for each choice.
    func whole(_ answers: [ChatAnswer]) -> JSONObject {
        let object: JSONObject = [
            "id": .string(id), "object": "chat.completion", "created": .integer(created), "model": .string(model),
            "choices": .array(answers.enumerated().map { .object(choice($1, index: $0)) }), "usage": usage(answers),
        ]
        return object.merging(Self.additions(answers))
    }

    private func choice(_ answer: ChatAnswer, index: Int) -> JSONObject {
        [
            "index": JSON(index), "message": .object(message(answer)),
            "logprobs": Self.probabilities(answer.probabilities), "finish_reason": .string(finishReason(answer)),
        ]
    }

    private func message(_ answer: ChatAnswer) -> JSONObject {
        var message: JSONObject = ["role": "assistant", "content": .string(answer.text)]
        if !answer.reasoning.isEmpty { message["reasoning_content"] = .string(answer.reasoning) }
        // Clients that parse the content by a schema look here before they do.
        if answer.isRefusal { message["refusal"] = .string(answer.text) }
        guard let first = answer.toolCalls.first else { return message }
        if answer.text.isEmpty { message["content"] = .null }
        if usesFunctions {
            message["function_call"] = Self.function(first.name, first.arguments)
        } else {
            message["tool_calls"] = .array(answer.toolCalls.map { .object(Self.call($0)) })
        }
        return message
    }

    func finishReason(_ answer: ChatAnswer) -> String {
        usesFunctions && answer.finishReason == .toolCalls ? "function_call" : answer.finishReason.rawValue
    }
}
