import Domain
import HTTPTypes
import Hummingbird
import NIOCore
import OrderedJSON

/// A request for a transcript, its recording excepted.
struct TranscriptionPayload: Sendable {
    enum Format: String, CaseIterable {
        case json, text, srt, vtt
        case verbose = "verbose_json"
    }

    let hints: TranscriptionHints
    private let format: Format
    private let streams: Bool

    /// UTF-16 code units.
    private static let maximumPromptLength = 4096

    init(_ fields: OpenAIFields, translates: Bool) throws {
        var hints = TranscriptionHints()
        hints.translates = translates
        hints.language = try fields.text("language").flatMap { $0.isEmpty ? nil : $0 }
        hints.prompt = try fields.text("prompt").flatMap { $0.isEmpty ? nil : $0 }
        guard hints.language.map({ $0.utf8.count <= 35 }) ?? true else { throw fields.invalid("language", "is none") }
        guard hints.prompt.map({ $0.utf16.count <= Self.maximumPromptLength }) ?? true else {
            throw fields.invalid("prompt", "may have at most \(Self.maximumPromptLength) characters")
        }
        self.hints = hints
        let name = try fields.text("response_format") ?? Format.json.rawValue
        guard let format = Format(rawValue: name) else {
            let names = Format.allCases.map(\.rawValue).joined(separator: ", ")
            throw fields.invalid("response_format", "must be one of \(names)")
        }
        self.format = format
        streams = try fields.bool("stream") ?? false
        _ = try fields.number("temperature", in: 0...1)
        try Self.checkGranularities(fields)
    }

    /// In forms the name of an array has brackets, which `FormFields` takes away.
    private static func checkGranularities(_ fields: OpenAIFields) throws {
        let key = "timestamp_granularities"
        let items = fields[key].map { $0.arrayValue ?? [$0] } ?? []
        guard items.allSatisfy({ $0 == "segment" }) else {
            throw fields.invalid(key, "may only be segment: the times of words are not known here")
        }
    }

    // MARK: Answers

    func answer(_ transcript: Transcript, to request: Request) throws -> Response {
        let text = transcript.document.text
        switch format {
        case .json where streams, .text where streams: return stream(transcript, text, to: request)
        case .json: return Response(json: ["text": .string(text)])
        case .text: return Self.plain(text + "\n", "text/plain")
        case .srt: return Self.plain(try Subtitles(transcript).srt, "application/x-subrip")
        case .vtt: return Self.plain(try Subtitles(transcript).vtt, "text/vtt")
        case .verbose: return Response(json: verbose(transcript, text))
        }
    }

    private static func plain(_ text: String, _ type: String) -> Response {
        Response(
            status: .ok, headers: [.contentType: "\(type); charset=utf-8", .xContentTypeOptions: "nosniff"],
            body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
    }

    private func verbose(_ transcript: Transcript, _ text: String) -> JSON {
        let segments = transcript.segments.enumerated().compactMap { index, segment -> JSON? in
            segment.seconds.map { seconds in
                [
                    "id": JSON(index), "start": .number(seconds.lowerBound), "end": .number(seconds.upperBound),
                    "text": .string(segment.text),
                ]
            }
        }
        let end = transcript.segments.compactMap { $0.seconds?.upperBound }.max() ?? 0
        let language = hints.translates ? "english" : hints.language ?? "unknown"
        return [
            "task": hints.translates ? "translate" : "transcribe", "language": .string(language),
            "duration": .number(end), "text": .string(text), "segments": .array(segments),
        ]
    }

    /// The transcriber answers when it has heard all, so that the events come at once.
    private func stream(_ transcript: Transcript, _ text: String, to request: Request) -> Response {
        EventStream.response(to: request) { events in
            for segment in transcript.segments {
                let name = "transcript.text.delta"
                try await events.send(["type": .string(name), "delta": .string(segment.text)], named: name)
            }
            let name = "transcript.text.done"
            try await events.send(["type": .string(name), "text": .string(text)], named: name)
        } closeEarly: { _ in
        }
    }
}
