import Domain
import Engine
import Foundation
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import OrderedJSON

struct ImageRoutes: Sendable {
    let settings: Settings
    /// `nil` where pictures are not counted.
    let limits: ChatLimits?
    let imageGenerator: @Sendable () throws -> any ImageGenerator

    var endpoints: RouteTable {
        RouteTable(under: "/api/v1/openai").post("images/generations", .requires(.useModels), use: generate)
    }

    /// Nothing is kept: the picture is in the answer, and references live as long as the request.
    @Sendable private func generate(_ request: Request, _ context: APIContext) async throws -> Response {
        var request = request
        let fields = try await ImageFields(&request)
        let payload = try ImagePayload(fields, defaultSize: settings.snapshot.value(for: "IMAGE_GEN_SIZE_PREF"))
        do {
            let generator = try imageGenerator()
            try await limits?.admit(context.caller)
            let image = try await request.whileConnected { try await generator.image(for: payload.prompt) }
            return payload.wantsBytes ? Self.bytes(image) : Self.json(image)
        } catch let error as ServiceError {
            if let cause = error.cause {
                context.logger.warning("No image", metadata: ["error": "\(error.message)", "cause": "\(cause)"])
            }
            guard !request.hasOpenAIStatuses else { throw APIError.openAI(error) }
            var response = Response(
                status: error.code == .tooMany ? .tooManyRequests : .internalServerError,
                json: ["error": .string(error.message)])
            response.headers[.retryAfter] = error.retryAfter.map(String.init)
            return response
        }
    }

    private static func json(_ image: GeneratedImage) -> Response {
        var object: JSONObject = [
            "created": .integer(Timestamp.now.seconds),
            "data": [["b64_json": .string(Data(image.bytes).base64EncodedString())]],
        ]
        object["notice"] = image.notice.map(JSON.string)
        return Response(json: .object(object))
    }

    private static func bytes(_ image: GeneratedImage) -> Response {
        let name = "img-\(UUIDText.random()).\(image.format.fileExtension)"
        var headers: HTTPFields = [
            .contentType: image.format.mediaType, .contentDisposition: "inline; filename=\"\(name)\"",
            .xContentTypeOptions: "nosniff",
        ]
        // A header takes ASCII alone.
        if let name = HTTPField.Name("X-Image-Notice"), let notice = image.notice {
            headers[name] = String(notice.unicodeScalars.map { $0.isASCII && $0.value >= 32 ? Character($0) : "?" })
        }
        return Response(status: .ok, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: image.bytes)))
    }
}

/// A request for a picture, checked.
struct ImagePayload {
    let prompt: ImagePrompt
    /// Whether the answer is the picture itself, and not JSON.
    let wantsBytes: Bool

    /// UTF-16 code units, as with OpenAI's models.
    private static let maximumPromptLength = 32_000

    init(_ fields: ImageFields, defaultSize: String?) throws {
        let text = fields.object["prompt"]?.stringValue ?? ""
        guard text.contains(where: { !$0.isWhitespace }) else { throw Self.refusal("A prompt is required.") }
        guard text.utf16.count <= Self.maximumPromptLength else {
            throw Self.refusal("The prompt is longer than \(Self.maximumPromptLength) characters.")
        }
        prompt = ImagePrompt(
            text: text, size: try Self.size(fields.object["size"]) ?? defaultSize ?? "1024x1024",
            references: fields.references)
        switch fields.object["response_format"] {
        case nil, .null?, "b64_json", "": wantsBytes = false
        case "blob": wantsBytes = true
        default:
            throw Self.refusal(
                "response_format must be b64_json or blob: pictures are not kept, so they have no address.")
        }
    }

    private static func size(_ value: JSON?) throws -> String? {
        guard let value, value != .null, value != "" else { return nil }
        let size = value.stringValue?.lowercased() ?? ""
        let sides = size.split(separator: "x", omittingEmptySubsequences: false).map { Int($0) ?? 0 }
        let isExact = sides.count == 2 && sides.allSatisfy { (16...8192).contains($0) }
        guard isExact && size.utf8.allSatisfy({ $0 != UInt8(ascii: "+") }) || size == "auto" else {
            throw refusal("size must be width x height in pixels, 1024x1024 say, each from 16 to 8192, or auto.")
        }
        return size
    }

    private static func refusal(_ message: String) -> APIError {
        APIError(.badRequest, body: ["error": .string(message)])
    }
}
