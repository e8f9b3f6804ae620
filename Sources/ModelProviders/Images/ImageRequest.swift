import Domain
import FoundationEssentials
import NIOCore
import OrderedJSON

/// The bodies that ask for a picture.
struct ImageRequest {
    let prompt: ImagePrompt
    let modelID: String

    /// For `images/generations`.
    var generation: JSON {
        ["model": .string(modelID), "prompt": .string(prompt.text), "size": .string(prompt.size), "n": 1]
    }

    /// For `chat/completions`; there is no place for the size.
    var chat: JSON {
        var content = JSON.string(prompt.text)
        if !prompt.references.isEmpty {
            let images = prompt.references.map { reference -> JSON in
                let base64 = Data(reference.bytes).base64EncodedString()
                let url = "data:\(reference.format.mediaType);base64,\(base64)"
                return ["type": "image_url", "image_url": ["url": .string(url)]]
            }
            content = .array([["type": "text", "text": content]] + images)
        }
        return [
            "model": .string(modelID), "messages": [["role": "user", "content": content]],
            "modalities": ["image", "text"], "stream": false,
        ]
    }

    /// For `images/edits`.
    func edit(severalReferences: String) -> (body: ByteBuffer, contentType: String) {
        let boundary = "lectern-" + UUIDText.random()
        var body = ByteBuffer()
        body.reserveCapacity(prompt.references.reduce(4096) { $0 + $1.bytes.count + 256 })
        for (name, value) in [("model", modelID), ("prompt", prompt.text), ("size", prompt.size), ("n", "1")] {
            body.writeString("--\(boundary)\r\nContent-Disposition: form-data; name=\"\(name)\"\r\n\r\n\(value)\r\n")
        }
        let name = prompt.references.count > 1 ? severalReferences : "image"
        for (index, reference) in prompt.references.enumerated() {
            let file = "reference-\(index + 1).\(reference.format.fileExtension)"
            body.writeString(
                "--\(boundary)\r\nContent-Disposition: form-data; name=\"\(name)\"; filename=\"\(file)\"\r\n"
                    + "Content-Type: \(reference.format.mediaType)\r\n\r\n")
            body.writeBytes(reference.bytes)
            body.writeString("\r\n")
        }
        body.writeString("--\(boundary)--\r\n")
        return (body, "multipart/form-data; boundary=\(boundary)")
    }
}
