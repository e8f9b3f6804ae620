import Domain
import OrderedJSON

/// Finds in the body of an error what it says to people.
enum ProviderMessage {
    /// Longer bodies are read only so far.
    static let maximumBodyLength = 16 * 1024
    /// In characters.
    private static let maximumLength = 500

    /// One line, without control characters; `nil` where the body says nothing readable.
    static func extract(from body: some Collection<UInt8>) -> String? {
        if let json = try? JSON(parsing: body) { return extract(from: json) }
        let text = String(decoding: body, as: UTF8.self)
        if text.drop(while: \.isWhitespace).first == "<" { return title(ofHTML: text).flatMap(oneLine) }
        return oneLine(text)
    }

    /// The shapes in use: OpenAI `{"error":{"message"}}`, Google the same in an array, Ollama `{"error":"…"}`,
    /// vLLM `{"object":"error","message"}`, FastAPI `{"detail":"…"}` or `{"detail":[{"msg"}]}`, ElevenLabs
    /// `{"detail":{"message"}}`, Deepgram `{"err_msg"}`.
    static func extract(from json: JSON) -> String? {
        let object = json.arrayValue?.first ?? json
        let detail = object["detail"]
        let candidates = [
            object["error"]?["message"], object["error"], object["message"], detail, detail?.arrayValue?.first?["msg"],
            detail?["message"], object["err_msg"],
            object["errors"]?.arrayValue?.first?["message"], object,
        ]
        return candidates.lazy.compactMap { $0?.stringValue }.compactMap(oneLine).first
    }

    private static func title(ofHTML text: String) -> String? {
        (text.firstMatch(of: /(?i)<title[^>]*>([^<]+)</)?.1).map(String.init)
    }

    /// `text` on one line and cut to size, so that it can neither forge a line of a log nor fill it.
    private static func oneLine(_ text: String) -> String? {
        let words = text.split {
            $0.isWhitespace || $0.unicodeScalars.contains { $0.properties.generalCategory == .control }
        }
        let line = words.joined(separator: " ")
        if line.isEmpty { return nil }
        return line.count > maximumLength ? line.prefix(maximumLength) + "…" : line
    }
}
