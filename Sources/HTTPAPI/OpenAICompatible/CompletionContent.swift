import Domain
import Engine
import Foundation
import OrderedJSON

/// The content of one message: a text, or an array of typed parts.
struct CompletionContent {
    /// Text parts are joined by line ends.
    private(set) var text = ""
    /// Pictures and recordings, for models that take them.
    private(set) var media: [MediaAttachment] = []
    private(set) var documents: [AttachedDocument] = []

    /// - Parameter message: its `content` may be absent only where the assistant calls tools or refuses.
    init(_ message: OpenAIFields) throws {
        switch message["content"] {
        case .string(let content)?: text = content
        case .array(let parts)?:
            var texts: [String] = []
            for (index, part) in parts.enumerated() {
                let fields = try OpenAIFields(part, named: message.name(of: "content[\(index)]"))
                if let text = try add(fields) { texts.append(text) }
            }
            text = texts.joined(separator: "\n")
        // What a function gave back may be nothing, too.
        case nil where message["role"] == "assistant" || message["role"] == "function":
            text = try message.text("refusal") ?? ""
        default: throw message.invalid("content", "must be a text or an array of parts")
        }
    }

    /// The part's text, where it has one.
    private mutating func add(_ part: OpenAIFields) throws -> String? {
        switch try part.requiredText("type") {
        case "text":
            guard let text = try part.text("text") else { throw part.invalid("text", "must be a text") }
            return text
        case "refusal": return try part.text("refusal")
        case "image_url": media.append(try image(part))
        case "input_audio": media.append(try recording(part))
        case "file": documents.append(try document(part))
        default: throw part.invalid("type", "must be text, image_url, input_audio or file")
        }
        return nil
    }

    /// `image_url` is an object with `url`; some clients send the address alone.
    private func image(_ part: OpenAIFields) throws -> MediaAttachment {
        let url = try part["image_url"]?.stringValue ?? part.requiredObject("image_url").requiredText("url")
        let name = "uploaded_image_\(media.count)"
        let image: MediaAttachment
        if WebAddress(url)?.isWeb == true {
            image = MediaAttachment(name: name, mediaType: "image/png", url: url)
        } else if let data = DataURL(url), data.mediaType.hasPrefix("image/") {
            // In the one form that providers take.
            let base64 = Data(data.bytes).base64EncodedString()
            image = MediaAttachment(
                name: name, mediaType: data.mediaType, url: "data:\(data.mediaType);base64,\(base64)")
        } else {
            throw part.invalid("image_url", "must be a web address or a data URL of a picture")
        }
        if let problem = image.problem { throw part.invalid("image_url", problem) }
        return image
    }

    private func recording(_ part: OpenAIFields) throws -> MediaAttachment {
        let audio = try part.requiredObject("input_audio")
        let format = try audio.requiredText("format")
        guard ["wav", "mp3"].contains(format) else { throw audio.invalid("format", "must be wav or mp3") }
        let content = try audio.requiredText("data")
        guard Data(base64Encoded: content) != nil else { throw audio.invalid("data", "must be base64") }
        let mediaType = format == "mp3" ? "audio/mpeg" : "audio/wav"
        return MediaAttachment(
            name: "uploaded_audio_\(media.count)", mediaType: mediaType, url: "data:\(mediaType);base64,\(content)")
    }

    /// A file rides on the message itself, as a data URL or in bare base64.
    private func document(_ part: OpenAIFields) throws -> AttachedDocument {
        let file = try part.requiredObject("file")
        guard file["file_id"] == nil else { throw file.invalid("file_id", "is not supported; send file_data") }
        let name = ClientFileName.sanitized(try file.text("filename") ?? ClientFileName.fallback)
        guard let document = AttachedDocument(name: name, encoded: try file.requiredText("file_data")) else {
            throw file.invalid("file_data", "must be base64 or a data URL")
        }
        return document
    }
}
