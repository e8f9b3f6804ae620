import Domain
import OrderedJSON
import Testing

@testable import ModelProviders

@Suite struct ChatCompletionRequestTests {
    let endpoint = OpenAICompatibleEndpoint.generic(baseURL: "http://x/v1", apiKey: nil, modelID: "m")

    @Test func `what nobody set is left out`() {
        let body = ChatCompletionRequest(prompt: .hello, endpoint: endpoint).json
        let expected =
            #"{"model":"m","messages":[{"role":"system","content":"Be short."},{"role":"user","content":"Hello?"}],"#
            + #""max_tokens":1024,"stream":true}"#
        #expect(body.text == expected)
    }

    @Test func `options of the caller win over the row`() {
        var prompt = Prompt.hello
        prompt.options = GenerationOptions(temperature: 0.5, maximumTokens: 9, topP: 0.25, stop: ["END"], seed: 4)
        prompt.options.reasoningEffort = "low"
        prompt.options.logitBias = ["50256": -100]
        var endpoint = endpoint
        endpoint.requestsUsage = true
        let body = ChatCompletionRequest(prompt: prompt, endpoint: endpoint).json
        #expect(body["reasoning_effort"] == "low")
        #expect(body["logit_bias"] == ["50256": -100])
        #expect(body["temperature"] == 0.5)
        #expect(body["max_tokens"] == 9)
        #expect(body["top_p"] == 0.25)
        #expect(body["stop"] == ["END"])
        #expect(body["seed"] == 4)
        #expect(body["stream_options"] == ["include_usage": true])
    }

    @Test func `an instruction is said as the model takes it`() {
        var endpoint = endpoint
        endpoint.systemRole = .user
        let question: JSON = ["role": "user", "content": "Hello?"]
        let instruction: JSON = ["role": "user", "content": "Be short."]
        var body = ChatCompletionRequest(prompt: .hello, endpoint: endpoint).json
        #expect(body["messages"] == [instruction, question])
        endpoint.systemRole = .exchange
        endpoint.requestsReasoning = true
        body = ChatCompletionRequest(prompt: .hello, endpoint: endpoint).json
        #expect(body["messages"] == [instruction, ["role": "assistant", "content": "Okay."], question])
        #expect(body["include_reasoning"] == true)
    }

    @Test func `without streaming neither stream nor its options are sent`() {
        var endpoint = endpoint
        endpoint.allowsStreaming = false
        endpoint.requestsUsage = true
        let body = ChatCompletionRequest(prompt: .hello, endpoint: endpoint).json
        #expect(body["stream"] == nil)
        #expect(body["stream_options"] == nil)
    }

    static let encodings: [(OpenAICompatibleEndpoint.ImageEncoding, JSON)] = [
        (.object(detail: "high"), ["type": "image_url", "image_url": ["url": "data:x", "detail": "high"]]),
        (.object(detail: nil), ["type": "image_url", "image_url": ["url": "data:x"]]),
        (.string, ["type": "image_url", "image_url": "data:x"]),
    ]

    @Test(arguments: encodings)
    func `pictures are parts of their message`(encoding: OpenAICompatibleEndpoint.ImageEncoding, part: JSON) {
        #expect(content(encoding, "image/png", "data:x") == [["type": "text", "text": "Look."], part])
    }

    @Test func `pictures are left out where the model does not see`() {
        #expect(content(.omitted, "image/png", "data:x") == "Look.")
    }

    @Test(arguments: [("audio/mpeg", "mp3"), ("audio/wav", "wav"), ("audio/x-wav", "wav"), ("audio/flac", "flac")])
    func `sound is sent without its envelope`(mediaType: String, format: JSON) {
        let audio: JSON = ["type": "input_audio", "input_audio": ["data": "QUJD", "format": format]]
        let content = content(.object(detail: "high"), mediaType, "data:\(mediaType);base64,QUJD")
        #expect(content == [["type": "text", "text": "Look."], audio])
    }

    /// The content of a message with one attachment.
    private func content(
        _ encoding: OpenAICompatibleEndpoint.ImageEncoding, _ mediaType: String, _ url: String
    ) -> JSON? {
        let image = MediaAttachment(name: "a", mediaType: mediaType, url: url)
        var endpoint = endpoint
        endpoint.imageEncoding = encoding
        let prompt = Prompt(messages: [Message(role: .user, text: "Look.", media: [image])], question: "Look.")
        return ChatCompletionRequest(prompt: prompt, endpoint: endpoint).json["messages"]?.arrayValue?[0]["content"]
    }
}
