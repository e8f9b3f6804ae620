import Domain
import Engine
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import OrderedJSON

/// Texts said aloud, in OpenAI's shape. Nothing is kept of them.
struct SpeechRoutes: Sendable {
    /// `nil` where speech is not counted.
    let limits: ChatLimits?
    let synthesizer: @Sendable () throws -> any SpeechSynthesizer

    var endpoints: RouteTable {
        RouteTable(under: "/api/v1/openai")
            .post("audio/speech", .requires(.useModels), use: speak)
    }

    @Sendable private func speak(_ request: Request, _ context: APIContext) async throws -> Response {
        var request = request
        let payload = try SpeechPayload(try await OpenAIFields(&request))
        return try await inOpenAIShape(context, "No speech") {
            let synthesizer = try synthesizer()
            try await limits?.admit(context.caller)
            let speech = try await request.whileConnected { try await synthesizer.speech(for: payload.prompt) }
            return Response(
                status: .ok, headers: [.contentType: speech.mediaType, .xContentTypeOptions: "nosniff"],
                body: ResponseBody(byteBuffer: ByteBuffer(bytes: speech.bytes)))
        }
    }

    private func inOpenAIShape(
        _ context: APIContext, _ title: Logger.Message, _ body: () async throws -> Response
    ) async throws -> Response {
        do { return try await body() } catch let error as ServiceError {
            if let cause = error.cause {
                context.logger.warning(title, metadata: ["error": "\(error.message)", "cause": "\(cause)"])
            }
            return Response(APIError.openAI(error))
        }
    }
}

/// A request for speech, checked.
struct SpeechPayload {
    let prompt: SpeechPrompt

    /// UTF-16 code units; what of it a model takes its provider says.
    private static let maximumLength = 32_000
    private static let maximumNameLength = 256

    init(_ fields: OpenAIFields) throws {
        let text = try fields.requiredText("input")
        guard text.contains(where: { !$0.isWhitespace }) else {
            throw fields.invalid("input", "must be a text that is not empty")
        }
        guard text.utf16.count <= Self.maximumLength else {
            throw fields.invalid("input", "may have at most \(Self.maximumLength) characters")
        }
        let name = try fields.text("response_format") ?? SpeechFormat.mp3.rawValue
        guard let format = SpeechFormat(rawValue: name.lowercased()) else {
            throw fields.invalid(
                "response_format", "must be one of \(SpeechFormat.allCases.map(\.rawValue).joined(separator: ", "))")
        }
        guard try fields.text("stream_format") ?? "audio" == "audio" else {
            throw fields.invalid("stream_format", "must be audio: speech is not sent as events")
        }
        prompt = SpeechPrompt(
            text: text, voice: try Self.voice(fields), format: format,
            speed: try fields.number("speed", in: 0.25...4), instructions: try fields.text("instructions"))
    }

    /// A name, or an object with an `id`; the voice that is set where it says nothing.
    private static func voice(_ fields: OpenAIFields) throws -> String? {
        let isObject = fields["voice"]?.objectValue != nil
        let voice = try isObject ? fields.object("voice")?.requiredText("id") : fields.text("voice")
        guard voice?.utf8.count ?? 0 <= maximumNameLength else { throw fields.invalid("voice", "is too long") }
        return voice.flatMap { $0.isEmpty || $0 == "default" ? nil : $0 }
    }
}
