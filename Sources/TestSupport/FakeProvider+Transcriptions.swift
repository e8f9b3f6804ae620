package import OrderedJSON

/// What the fake provider does with one request for a transcription.
package enum FakeTranscriptionReply: Sendable {
    package struct Segment: Sendable {
        package var start: Double
        package var end: Double
        package var text: String

        package init(_ start: Double, _ end: Double, _ text: String) {
            self.start = start
            self.end = end
            self.text = text
        }
    }

    /// With segments where they are asked for, as `whisper-1` does it.
    case segments([Segment])
    /// Refuses to give segments, as OpenAI's newer models do.
    case textOnly(String)
    /// Plain text whatever is asked for.
    case plain(String)
    case json(JSON)
    case failure(Int, String)
    /// Takes the request and never answers.
    case silence

    package static let sentence = FakeTranscriptionReply.segments([Segment(0, 1.8, " The ferry leaves at nine.")])

    /// `nil` for silence.
    func answer(to request: FakeProvider.RecordedRequest) -> (status: Int, type: String, body: [UInt8])? {
        if request.path == "/v1/listen" { return listening }
        guard let form = SentForm(request) else { return Self.json(400, Self.error("Could not parse multipart form")) }
        let isVerbose = form.fields["response_format"] == "verbose_json"
        switch self {
        case .segments(let segments):
            let text = JSON.string(segments.map(\.text).joined())
            guard isVerbose else { return Self.json(200, ["text": text]) }
            let list = segments.enumerated().map { index, segment -> JSON in
                [
                    "id": JSON(index), "seek": 0, "start": .number(segment.start), "end": .number(segment.end),
                    "text": .string(segment.text), "tokens": [50364, 440], "temperature": 0, "avg_logprob": -0.25,
                    "compression_ratio": 1.1, "no_speech_prob": 0.01,
                ]
            }
            return Self.json(
                200,
                [
                    "task": "transcribe", "language": "english", "duration": .number(segments.last?.end ?? 0),
                    "text": text, "segments": .array(list),
                ])
        case .textOnly(let text):
            guard isVerbose else { return Self.json(200, ["text": .string(text)]) }
            let message =
                "response_format 'verbose_json' is not compatible with this model. Use 'json' or 'text' instead."
            return Self.json(400, Self.error(message))
        case .plain(let text): return (200, "text/plain; charset=utf-8", Array(text.utf8))
        case .json(let json): return Self.json(200, json)
        case .failure(let status, let message): return Self.json(status, Self.error(message))
        case .silence: return nil
        }
    }

    /// As Deepgram answers.
    private var listening: (status: Int, type: String, body: [UInt8])? {
        guard case .segments(let segments) = self else {
            if case .json(let json) = self { return Self.json(200, json) }
            return nil
        }
        let sentences = segments.map { segment -> JSON in
            ["text": .string(segment.text), "start": .number(segment.start), "end": .number(segment.end)]
        }
        let alternative: JSON = [
            "transcript": .string(segments.map(\.text).joined()), "confidence": 0.99,
            "paragraphs": ["transcript": "", "paragraphs": [["sentences": .array(sentences)]]],
        ]
        return Self.json(200, ["metadata": [:], "results": ["channels": [["alternatives": [alternative]]]]])
    }

    private static func error(_ message: String) -> JSON {
        ["error": ["message": .string(message), "type": "invalid_request_error", "param": nil, "code": nil]]
    }

    private static func json(_ status: Int, _ json: JSON) -> (status: Int, type: String, body: [UInt8]) {
        (status, "application/json", Array(json.text.utf8))
    }
}

extension FakeProvider {
    /// One reply for each request for a transcription, in order; the last one stands for all that follow.
    package func answerTranscriptions(_ replies: FakeTranscriptionReply...) {
        state.change { $0.transcriptionReplies = replies }
    }
}

/// The form that a request carries, with one file in it.
package struct SentForm: Sendable {
    package private(set) var fields: [String: String] = [:]
    package private(set) var fileName = ""
    package private(set) var file: [UInt8] = []

    /// `nil` where the request carries none that is whole.
    package init?(_ request: FakeProvider.RecordedRequest) {
        let type = request.headers["content-type"] ?? ""
        guard let boundary = type.wholeMatch(of: /multipart\/form-data; boundary=(.+)/)?.1 else { return nil }
        let mark = Array("--\(boundary)".utf8)
        let places = request.bytes.ranges(of: mark)
        guard let last = places.last, request.bytes[last.upperBound...].elementsEqual("--\r\n".utf8) else { return nil }
        for (start, end) in zip(places, places.dropFirst()) {
            let part = request.bytes[start.upperBound..<end.lowerBound].dropFirst(2).dropLast(2)
            guard let blank = part.firstRange(of: Array("\r\n\r\n".utf8)) else { return nil }
            let head = String(decoding: part[..<blank.lowerBound], as: UTF8.self)
            guard let name = head.firstMatch(of: /; name="([^"]+)"/)?.1 else { return nil }
            if let fileName = head.firstMatch(of: /; filename="([^"]+)"/)?.1 {
                self.fileName = String(fileName)
                file = Array(part[blank.upperBound...])
            } else {
                fields[String(name)] = String(decoding: part[blank.upperBound...], as: UTF8.self)
            }
        }
    }
}
