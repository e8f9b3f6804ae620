/// What is to be said, and how.
package struct SpeechPrompt: Sendable, Equatable {
    package var text: String
    /// As the provider names it; `nil` for the one that is set.
    package var voice: String?
    package var format: SpeechFormat
    /// 1 is as people speak; `nil` leaves it to the provider.
    package var speed: Double?
    /// How it is to sound, for models that take such words.
    package var instructions: String?

    package init(
        text: String, voice: String? = nil, format: SpeechFormat = .mp3, speed: Double? = nil,
        instructions: String? = nil
    ) {
        self.text = text
        self.voice = voice
        self.format = format
        self.speed = speed
        self.instructions = instructions
    }
}

/// The formats that speech can be asked for in, by OpenAI's names.
package enum SpeechFormat: String, Sendable, CaseIterable {
    case mp3, opus, aac, flac, wav
    /// Samples alone: 24,000 a second, one channel, 16 bits with the low byte first.
    case pcm

    package var mediaType: String {
        switch self {
        case .mp3: "audio/mpeg"
        case .opus: "audio/ogg"
        case .aac: "audio/aac"
        case .flac: "audio/flac"
        case .wav: "audio/wav"
        case .pcm: "audio/pcm"
        }
    }
}

/// Speech that a provider made.
package struct Speech: Sendable, Equatable {
    package var bytes: [UInt8]
    /// What the bytes are, which may be another format than was asked for.
    package var mediaType: String

    package init(bytes: [UInt8], mediaType: String) {
        self.bytes = bytes
        self.mediaType = mediaType
    }
}

/// Who says texts aloud.
package protocol SpeechSynthesizer: Sendable {
    /// Throws `ServiceError`, with the code `invalid` where the provider has no such format or speed; `CancellationError` where
    /// the task is cancelled, which stops the provider too.
    func speech(for prompt: SpeechPrompt) async throws -> Speech
}
