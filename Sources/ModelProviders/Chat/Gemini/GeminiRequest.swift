import Domain
import OrderedJSON

/// The body of `POST /models/{model}:streamGenerateContent`.
///
/// Source of the format: Google's Gemini API reference, "Generating content", version v1beta.
struct GeminiRequest {
    /// What the threshold is sent for: all that the API lets one set.
    private static let harms = ["HARASSMENT", "HATE_SPEECH", "SEXUALLY_EXPLICIT", "DANGEROUS_CONTENT"]
    /// What Google's page on thought signatures has one send in the place of one that is not known.
    private static let unknownSignature = "skip_thought_signature_validator"
    /// Tokens of thought for models that count them, as Google's endpoint for OpenAI's clients has it.
    private static let budgets = ["minimal": 1024, "low": 1024, "medium": 8192, "high": 24_576]

    let prompt: Prompt
    let endpoint: GeminiEndpoint

    var json: JSON {
        var body = JSONObject()
        let instructions = prompt.messages.filter { $0.role == .system && !$0.text.isEmpty }
        if endpoint.takesInstructions, !instructions.isEmpty {
            body["systemInstruction"] = ["parts": .array(instructions.map { Self.text($0.text) })]
        }
        let messages = endpoint.takesInstructions ? prompt.messages : prompt.messages.flatMap(exchange)
        body["contents"] = .array(
            messages.turns(opening: Self.text("…"), assistant: "model", content: "parts", blocks: parts))
        let configuration = generation
        if !configuration.isEmpty { body["generationConfig"] = .object(configuration) }
        addTools(to: &body)
        body["safetySettings"] = endpoint.safetyThreshold.map { threshold -> JSON in
            .array(Self.harms.map { ["category": .string("HARM_CATEGORY_\($0)"), "threshold": .string(threshold)] })
        }
        return .object(body)
    }

    private func exchange(_ message: Message) -> [Message] {
        guard message.role == .system else { return [message] }
        return [Message(role: .user, text: message.text), Message(role: .assistant, text: "Okay.")]
    }

    private var generation: JSONObject {
        let options = prompt.options
        var configuration = JSONObject()
        configuration["temperature"] = options.temperature.map(JSON.number)
        configuration["topP"] = options.topP.map(JSON.number)
        configuration["maxOutputTokens"] = options.maximumTokens.map { JSON($0) }
        if !options.stop.isEmpty { configuration["stopSequences"] = .array(options.stop.map(JSON.string)) }
        configuration["seed"] = options.seed.map { JSON($0) }
        configuration["presencePenalty"] = options.presencePenalty.map(JSON.number)
        configuration["frequencyPenalty"] = options.frequencyPenalty.map(JSON.number)
        configuration["thinkingConfig"] = options.reasoningEffort.map(thinking)
        switch options.responseFormat {
        case .jsonObject?: configuration["responseMimeType"] = "application/json"
        case .jsonSchema(let text)?:
            configuration["responseMimeType"] = "application/json"
            configuration["responseJsonSchema"] = (try? JSON(parsing: text))?["schema"]
        case .text?, nil: break
        }
        return configuration
    }

    private func thinking(_ effort: String) -> JSON {
        guard endpoint.modelID.contains("gemini-2"), let budget = Self.budgets[effort] else {
            return ["thinkingLevel": .string(effort)]
        }
        return ["thinkingBudget": JSON(budget)]
    }

    private static func text(_ text: String) -> JSON { ["text": .string(text)] }

    private func parts(of message: Message) -> [JSON] {
        if message.role == .tool {
            // The wire knows results by the names of their tools.
            let name = prompt.messages.lazy.flatMap(\.toolCalls).first { $0.id == message.toolCallID }?.name ?? ""
            return [["functionResponse": ["name": .string(name), "response": ["result": .string(message.text)]]]]
        }
        let calls = message.toolCalls.enumerated().map { place, call in self.call(call, isFirst: place == 0) }
        return message.media.compactMap(media) + [message.trimmedText.map(Self.text)].compactMap(\.self) + calls
    }

    /// The thought before a step of calls goes with the first of them.
    private func call(_ call: ToolCall, isFirst: Bool) -> JSON {
        var part = JSONObject(["functionCall": ["name": .string(call.name), "args": call.argumentsObject]])
        let wantsSignature = isFirst && !["gemini-1", "gemini-2", "gemma"].contains { endpoint.modelID.contains($0) }
        part["thoughtSignature"] = (call.signature ?? (wantsSignature ? Self.unknownSignature : nil)).map(JSON.string)
        return .object(part)
    }

    /// Pictures and sound that come with the question; the API fetches files of its own alone.
    private func media(_ attachment: MediaAttachment) -> JSON? {
        guard let data = attachment.base64 else { return nil }
        return ["inlineData": ["mimeType": .string(attachment.mediaType), "data": .string(data)]]
    }

    private func addTools(to body: inout JSONObject) {
        let options = prompt.options
        guard !options.tools.isEmpty else { return }
        body["tools"] = [["functionDeclarations": .array(options.tools.map(tool))]]
        let configuration: JSON? =
            switch options.toolChoice {
            case .automatic?: ["mode": "AUTO"]
            case .none?: ["mode": "NONE"]
            case .required?: ["mode": "ANY"]
            case .named(let name)?: ["mode": "ANY", "allowedFunctionNames": [.string(name)]]
            case nil: nil
            }
        body["toolConfig"] = configuration.map { ["functionCallingConfig": $0] }
    }

    private func tool(_ definition: ToolDefinition) -> JSON {
        var tool = JSONObject(["name": .string(definition.name)])
        tool["description"] = definition.description.map(JSON.string)
        tool["parametersJsonSchema"] = definition.parameters.flatMap(\.schema)
        return .object(tool)
    }
}
