import Domain
import Foundation
import HTTPTypes
import HummingbirdTesting
import NIOCore
import OrderedJSON
import Synchronization
import TestSupport
import Testing

@Suite struct ImageRoutesTests {
    private static let path = "/v1/openai/images/generations"
    private static let png = FakeImageReply.png

    @Test func `a picture comes in base64 or as it is`() async throws {
        let generator = FakeImageGenerator(notice: "Not all was done \u{2014} sorry.")
        try await TestServer.run(imageGenerator: generator) { client in
            let answer = try await client.json(.post, Self.path, ["prompt": "a cat", "model": "x", "n": 3])
            #expect(answer["created"]?.integerValue != nil)
            #expect(answer["data"] == [["b64_json": .string(Data(Self.png).base64EncodedString())]])
            #expect(answer["notice"] == "Not all was done \u{2014} sorry.")
            let (headers, bytes) = try await client.client.execute(
                uri: "/api" + Self.path, method: .post,
                headers: [.authorization: "Bearer \(client.key)", .contentType: "application/x-www-form-urlencoded"],
                body: ByteBuffer(string: "prompt=a+cat&response_format=blob&size=512X256")
            ) { ($0.headers, Array($0.body.readableBytesView)) }
            #expect(bytes == Self.png)
            #expect(headers[.contentType] == "image/png")
            let disposition = headers[.contentDisposition] ?? ""
            #expect(disposition.wholeMatch(of: /inline; filename="img-[0-9a-f-]{36}\.png"/) != nil)
            #expect(headers[try #require(HTTPField.Name("X-Image-Notice"))] == "Not all was done ? sorry.")
            #expect(
                generator.prompts == [
                    ImagePrompt(text: "a cat", size: "1024x1024"), ImagePrompt(text: "a cat", size: "512x256"),
                ])
        }
    }

    @Test func `pictures in a form are references`() async throws {
        let generator = FakeImageGenerator()
        try await TestServer.run(imageGenerator: generator) { client in
            let form = Form(
                fields: ["prompt": "in red", "size": "auto"], files: [Self.png, [0xFF, 0xD8, 0xFF, 0xE0]])
            let status = try await client.send(form, to: Self.path).status
            #expect(status == 200)
            let references = [Self.png, [0xFF, 0xD8, 0xFF, 0xE0]].compactMap { ReferenceImage($0) }
            #expect(generator.prompts == [ImagePrompt(text: "in red", size: "auto", references: references)])
            #expect(references.map(\.format) == [.png, .jpeg])
        }
    }

    @Test(arguments: [
        Form(fields: ["prompt": "x"], files: [Array("<svg/>".utf8)]),
        Form(fields: ["prompt": "x"], files: [FakeImageReply.png], fileType: "text/plain"),
        Form(fields: ["prompt": "x"], files: [FakeImageReply.png], fileField: "image"),
        Form(fields: ["prompt": "x"], files: Array(repeating: FakeImageReply.png, count: 11)),
        Form(fields: ["prompt": "x"], files: [FakeImageReply.png + Array(repeating: 0, count: 25 << 20)]),
        Form(fields: ["prompt": "x"], files: [[]]),
        Form(fields: ["prompt": "x"], files: [FakeImageReply.png], end: ""),
        Form(fields: ["prompt": String(repeating: "x", count: 2 << 20)], files: []),
    ]) func `an upload that is wrong is refused`(form: Form) async throws {
        let generator = FakeImageGenerator()
        try await TestServer.run(imageGenerator: generator) { client in
            let (status, text) = try await client.send(form, to: Self.path)
            let body = try JSON(parsing: text)
            #expect(status == 400)
            #expect(body["success"] == false)
            #expect(body["error"]?.stringValue?.hasPrefix("Invalid image upload. ") == true)
            #expect(generator.prompts.isEmpty)
        }
    }

    @Test(arguments: [
        (#"{}"#, "A prompt is required."), (#"{"prompt":" \n"}"#, "A prompt is required."),
        (#"{"prompt":7}"#, "A prompt is required."), (#"{"prompt":null}"#, "A prompt is required."),
        (#"{"prompt":"x","size":"big"}"#, "size"), (#"{"prompt":"x","size":"1x1"}"#, "size"),
        (#"{"prompt":"x","size":"100000x100000"}"#, "size"), (#"{"prompt":"x","size":"512x512x512"}"#, "size"),
        (#"{"prompt":"x","size":"-512x512"}"#, "size"), (#"{"prompt":"x","size":"+512x512"}"#, "size"),
        (#"{"prompt":"x","size":512}"#, "size"), (#"{"prompt":"x","response_format":"url"}"#, "response_format"),
        (#"{"prompt":"x","response_format":7}"#, "response_format"), ("{", "JSON"), ("[]", "JSON"),
        (#"{"prompt":"\#(String(repeating: "x", count: 32_001))"}"#, "longer"),
    ]) func `a request that is wrong is refused`(body: String, message: String) async throws {
        let generator = FakeImageGenerator()
        try await TestServer.run(imageGenerator: generator) { client in
            let (status, text) = try await client.send(.post, Self.path, raw: body)
            #expect(status == 400)
            #expect(try JSON(parsing: text)["error"]?.stringValue?.contains(message) == true, "\(text)")
            #expect(generator.prompts.isEmpty)
        }
    }

    @Test func `without a provider it is said, and a provider's failure too`() async throws {
        try await TestServer.run { client in
            let (status, text) = try await client.send(.post, Self.path, ["prompt": "x"])
            #expect(status == 500)
            #expect(text == #"{"error":"No valid image generation provider was set. Got: undefined"}"#)
        }
        try await TestServer.run(imageGenerator: FakeImageGenerator(failure: ServiceError(.upstream, "no paint"))) {
            let (status, text) = try await $0.send(.post, Self.path, ["prompt": "x"])
            #expect(status == 500 && text == #"{"error":"no paint"}"#)
        }
    }
}

/// A form as browsers send it.
struct Form: Sendable, CustomTestStringConvertible {
    var fields: KeyValuePairs<String, String>
    var files: [[UInt8]]
    var fileType = "image/png"
    var fileField = "image_references"
    var end = "--b--\r\n"

    var testDescription: String {
        "\(files.count) files of \(files.map(\.count)) bytes, \(fileField), \(fileType), \(end)"
    }

    var body: ByteBuffer {
        var body = ByteBuffer()
        for (name, value) in fields {
            body.writeString("--b\r\nContent-Disposition: form-data; name=\"\(name)\"\r\n\r\n\(value)\r\n")
        }
        for file in files {
            body.writeString("--b\r\nContent-Disposition: form-data; name=\"\(fileField)\"; filename=\"a.png\"\r\n")
            body.writeString("Content-Type: \(fileType)\r\n\r\n")
            body.writeBytes(file)
            body.writeString("\r\n")
        }
        body.writeString(end)
        return body
    }
}

extension TestClient {
    fileprivate func send(_ form: Form, to path: String) async throws -> (status: Int, text: String) {
        try await client.execute(
            uri: "/api" + path, method: .post,
            headers: [.authorization: "Bearer \(key)", .contentType: "multipart/form-data; boundary=b"],
            body: form.body
        ) { (Int($0.status.code), String(buffer: $0.body)) }
    }
}

private final class FakeImageGenerator: ImageGenerator {
    private let notice: String?
    private let failure: ServiceError?
    private let asked = Mutex<[ImagePrompt]>([])

    init(notice: String? = nil, failure: ServiceError? = nil) {
        self.notice = notice
        self.failure = failure
    }

    var prompts: [ImagePrompt] { asked.withLock { $0 } }

    func image(for prompt: ImagePrompt) async throws -> GeneratedImage {
        asked.withLock { $0.append(prompt) }
        if let failure { throw failure }
        return GeneratedImage(format: .png, bytes: FakeImageReply.png, notice: notice)
    }
}
