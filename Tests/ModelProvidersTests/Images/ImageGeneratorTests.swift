import AsyncHTTPClient
import Domain
import ModelProviders
import OrderedJSON
import TestSupport
import Testing

/// Pictures from vendors, over a real socket.
@Suite(.timeLimit(.minutes(1))) struct ImageGeneratorTests {
    private static let png = FakeImageReply.png
    private static let jpeg: [UInt8] = [0xFF, 0xD8, 0xFF, 0xE0, 0, 1, 2, 3]

    @Test func `OpenAI and Lemonade are asked for one picture of the size`() async throws {
        try await FakeProvider.run { provider in
            let endpoints: [ImageEndpoint] = [
                .openAI(baseURL: provider.baseURL, apiKey: "k"),
                .lemonade(baseURL: provider.origin + "/api/v1", apiKey: "k", modelID: "sd"),
                .lemonade(baseURL: provider.origin + "/api/v1/", apiKey: "k", modelID: "sd"),
                .ollama(baseURL: provider.baseURL, apiKey: "k", modelID: "x/z-image"),
            ]
            for endpoint in endpoints {
                let image = try await Self.image(endpoint, ImagePrompt(text: "a cat", size: "512x256"))
                #expect(image == GeneratedImage(format: .png, bytes: Self.png))
            }
            #expect(
                provider.requests.map(\.path) == [
                    "/v1/images/generations", "/api/v1/images/generations", "/api/v1/images/generations",
                    "/v1/images/generations",
                ])
            #expect(provider.requests.allSatisfy { $0.headers["authorization"] == "Bearer k" })
            #expect(
                provider.requests.map(\.body)
                    == ["gpt-image-1", "sd", "sd", "x/z-image"].map { model in
                        ["model": .string(model), "prompt": "a cat", "size": "512x256", "n": 1]
                    })
        }
    }

    @Test(arguments: [(1, "image"), (2, "image[]")]) func `references go to the edit endpoint as files`(
        count: Int, name: String
    ) async throws {
        try await FakeProvider.run { provider in
            let references = [Self.png, Self.jpeg].prefix(count).compactMap { ReferenceImage($0) }
            let image = try await Self.image(
                .openAI(baseURL: provider.baseURL, apiKey: "k", modelID: "m"),
                ImagePrompt(text: "in red", size: "auto", references: references))
            #expect(image.notice == nil)
            let request = try #require(provider.requests.first)
            #expect(request.path == "/v1/images/edits")
            #expect(request.headers["content-type"]?.hasPrefix("multipart/form-data; boundary=") == true)
            let body = String(decoding: request.bytes, as: UTF8.self)
            #expect(body.contains("name=\"prompt\"\r\n\r\nin red\r\n"))
            #expect(body.contains("name=\"size\"\r\n\r\nauto\r\n"))
            #expect(body.contains("name=\"\(name)\"; filename=\"reference-1.png\"\r\nContent-Type: image/png\r\n\r\n"))
            #expect(body.ranges(of: "name=\"\(name)\"; filename").count == count)
            #expect(Self.contains(request.bytes, Self.png))
            #expect(Self.contains(request.bytes, Self.jpeg) == (count == 2))
        }
    }

    @Test func `Ollama cannot change pictures, makes one and says so`() async throws {
        try await FakeProvider.run { provider in
            let image = try await Self.image(
                .ollama(baseURL: provider.baseURL, apiKey: nil, modelID: "m"),
                ImagePrompt(text: "x", size: "auto", references: [ReferenceImage(Self.png)].compactMap(\.self)))
            #expect(provider.requests.map(\.path) == ["/v1/images/generations"])
            #expect(provider.requests.first?.headers["authorization"] == nil)
            let notice = try #require(image.notice)
            #expect(notice.utf8.allSatisfy { (32..<127).contains($0) })
        }
    }

    @Test func `OpenRouter answers with a picture on a chat message`() async throws {
        try await FakeProvider.run { provider in
            let url = "data:image/jpeg;base64,/9j/4AABAgM="
            let images: JSON = [["type": "image_url", "image_url": ["url": .string(url)]]]
            provider.answerChats(
                .json(["choices": [["message": ["role": "assistant", "content": "Here.", "images": images]]]]),
                .json(["choices": [["message": ["role": "assistant", "content": "I draw no cats."]]]]))
            let endpoint = ImageEndpoint.openRouter(baseURL: provider.baseURL, apiKey: "k", modelID: "m")
            let prompt = ImagePrompt(
                text: "a cat", size: "1024x1024", references: [ReferenceImage(Self.png)].compactMap(\.self))
            let image = try await Self.image(endpoint, prompt)
            #expect(image == GeneratedImage(format: .jpeg, bytes: Self.jpeg))
            let body = try #require(provider.requests.first?.body)
            #expect(body["modalities"] == ["image", "text"])
            let content = body["messages"]?.arrayValue?.first?["content"]?.arrayValue
            #expect(content?.first == ["type": "text", "text": "a cat"])
            #expect(content?.last?["image_url"]?["url"]?.stringValue?.hasPrefix("data:image/png;base64,iVBOR") == true)
            await Self.expectFailure(endpoint, prompt, saying: "I draw no cats.")
        }
    }

    @Test func `a picture at an address is fetched without the key, from the provider's host alone`() async throws {
        try await FakeProvider.run { provider in
            let endpoint = ImageEndpoint.openAI(baseURL: provider.baseURL, apiKey: "k", modelID: "m")
            provider.answerImages(
                .address(Self.jpeg), .json(["data": [["url": "http://169.254.169.254/latest"]]]),
                .json(["data": [["url": "file:///etc/passwd"]]]))
            let image = try await Self.image(endpoint, ImagePrompt(text: "x", size: "auto"))
            #expect(image.format == .jpeg)
            let fetch = try #require(provider.requests.last)
            #expect(fetch.path == "/files/picture")
            #expect(fetch.headers["authorization"] == nil)
            for _ in 0..<2 {
                await Self.expectFailure(endpoint, ImagePrompt(text: "x", size: "auto"), saying: "not fetched")
            }
        }
    }

    @Test(
        arguments: [
            (.failure(400, "The prompt is not allowed."), "The prompt is not allowed."),
            (.failure(401, "Wrong key sk-secret."), "401"), (.json(["data": []]), "holds no picture"),
            (.json(["data": [["b64_json": "?"]]]), "not base64"),
            (.json(["data": [["b64_json": "bm8="]]]), "no picture"),
            (.json(["error": ["message": "busy"]]), "busy"), (.json([]), "holds no picture"),
            (.picture(Array("<svg/>".utf8)), "no picture"),
        ] as [(FakeImageReply, String)]) func `what a provider does wrong is said`(
            reply: FakeImageReply, message: String
        ) async throws
    {
        try await FakeProvider.run { provider in
            provider.answerImages(reply)
            let endpoint = ImageEndpoint.openAI(baseURL: provider.baseURL, apiKey: "sk-secret", modelID: "m")
            await Self.expectFailure(endpoint, ImagePrompt(text: "x", size: "auto"), saying: message)
        }
    }

    @Test func `cancelling stops the provider`() async throws {
        try await FakeProvider.run { provider in
            provider.answerImages(.silence)
            let endpoint = ImageEndpoint.openAI(baseURL: provider.baseURL, apiKey: "k", modelID: "m")
            let task = Task { try await Self.image(endpoint, ImagePrompt(text: "x", size: "auto")) }
            try await provider.state.wait { $0.requests.count == 1 }
            task.cancel()
            await #expect(throws: CancellationError.self) { _ = try await task.value }
            try await provider.state.wait { $0.disconnections == 1 }
        }
    }

    private static func image(_ endpoint: ImageEndpoint, _ prompt: ImagePrompt) async throws -> GeneratedImage {
        try await HTTPClient.withHTTPClient(configuration: .modelProviders()) { client in
            try await RemoteImageGenerator(endpoint: endpoint, client: client, retries: .never).image(for: prompt)
        }
    }

    private static func expectFailure(_ endpoint: ImageEndpoint, _ prompt: ImagePrompt, saying message: String) async {
        let error = await #expect(throws: ServiceError.self) { _ = try await image(endpoint, prompt) }
        #expect(error?.message.contains(message) == true, "\(error?.message ?? "")")
        #expect(error?.message.contains("sk-secret") == false)
    }

    private static func contains(_ bytes: [UInt8], _ part: [UInt8]) -> Bool { !bytes.ranges(of: part).isEmpty }
}
