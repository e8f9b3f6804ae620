/// What a picture is to be made of.
package struct ImagePrompt: Sendable, Equatable {
    package var text: String
    /// `1024x1024`, or `auto` where the provider is to choose.
    package var size: String
    /// Pictures to start from.
    package var references: [ReferenceImage]

    package init(text: String, size: String, references: [ReferenceImage] = []) {
        self.text = text
        self.size = size
        self.references = references
    }
}

/// A picture that a client sent along.
package struct ReferenceImage: Sendable, Equatable {
    package var format: ImageFormat
    package var bytes: [UInt8]

    /// `nil` where the bytes are no picture of a known format.
    package init?(_ bytes: [UInt8]) {
        guard let format = ImageFormat(of: bytes) else { return nil }
        self.format = format
        self.bytes = bytes
    }
}

/// A picture that a provider made.
package struct GeneratedImage: Sendable, Equatable {
    package var format: ImageFormat
    package var bytes: [UInt8]
    /// What was not done as asked, in a sentence of ASCII; `nil` where all was.
    package var notice: String?

    package init(format: ImageFormat, bytes: [UInt8], notice: String? = nil) {
        self.format = format
        self.bytes = bytes
        self.notice = notice
    }
}

/// The formats of pictures that go in and come out, told by their first bytes.
package enum ImageFormat: String, Sendable, CaseIterable {
    case png, jpeg, gif, webp

    package init?(of bytes: some Collection<UInt8>) {
        let head = Array(bytes.prefix(12))
        if head.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) {
            self = .png
        } else if head.starts(with: [0xFF, 0xD8, 0xFF]) {
            self = .jpeg
        } else if head.starts(with: "GIF87a".utf8) || head.starts(with: "GIF89a".utf8) {
            self = .gif
        } else if head.count == 12, head.starts(with: "RIFF".utf8), head[8...].elementsEqual("WEBP".utf8) {
            self = .webp
        } else {
            return nil
        }
    }

    package var mediaType: String { "image/\(rawValue)" }
    package var fileExtension: String { self == .jpeg ? "jpg" : rawValue }
}

/// Who makes pictures.
package protocol ImageGenerator: Sendable {
    /// One picture. Throws `ServiceError` where the provider fails, `CancellationError` where the task is cancelled, which
    /// stops the provider too.
    func image(for prompt: ImagePrompt) async throws -> GeneratedImage
}
