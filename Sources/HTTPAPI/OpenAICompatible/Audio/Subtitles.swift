import Domain

/// A transcript as subtitles: what is spoken, with its times.
struct Subtitles {
    private let cues: [(seconds: ClosedRange<Double>, text: String)]

    /// - Throws: where the times are not known.
    init(_ transcript: Transcript) throws {
        cues = try transcript.segments.map { segment in
            guard let seconds = segment.seconds else {
                throw OpenAIFields.invalid(
                    "response_format", "must be json or text: the transcriber tells no times")
            }
            // A blank line would end the cue.
            let lines = segment.text.split(whereSeparator: \.isNewline).map { $0.trimmed }.filter { !$0.isEmpty }
            return (seconds, lines.joined(separator: "\n"))
        }
    }

    /// SubRip.
    var srt: String {
        cues.enumerated().map { index, cue in
            "\(index + 1)\n\(Self.range(cue.seconds, mark: ","))\n\(cue.text)\n\n"
        }.joined()
    }

    /// WebVTT, of which `-->` ends no text and `&` and `<` begin something else (section 4.2.2).
    var vtt: String {
        "WEBVTT\n\n"
            + cues.map { cue in
                let text = cue.text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(
                    ">", with: "&gt;")
                return "\(Self.range(cue.seconds, mark: "."))\n\(text)\n\n"
            }.joined()
    }

    private static func range(_ seconds: ClosedRange<Double>, mark: String) -> String {
        "\(time(seconds.lowerBound, mark: mark)) --> \(time(seconds.upperBound, mark: mark))"
    }

    /// `01:02:03,004`
    private static func time(_ seconds: Double, mark: String) -> String {
        let milliseconds = Int((seconds * 1000).rounded())
        let parts = [milliseconds / 3_600_000, milliseconds / 60_000 % 60, milliseconds / 1000 % 60]
        return parts.map { padded($0, 2) }.joined(separator: ":") + mark + padded(milliseconds % 1000, 3)
    }

    private static func padded(_ number: Int, _ length: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, length - digits.count)) + digits
    }
}
