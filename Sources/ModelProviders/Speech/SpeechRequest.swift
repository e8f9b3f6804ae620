import Domain
import OrderedJSON

/// One request for speech, in the language of its vendor.
struct SpeechRequest {
    let endpoint: SpeechEndpoint
    let prompt: SpeechPrompt

    /// What ElevenLabs' models can do.
    private static let elevenLabsSpeeds = 0.7...1.2

    /// OpenAI's clients must name a voice, and the names of OpenAI's mean nothing to ElevenLabs.
    private static let openAIVoices: Set = [
        "alloy", "ash", "ballad", "cedar", "coral", "echo", "fable", "marin", "nova", "onyx", "sage", "shimmer",
        "verse",
    ]

    private var voice: String {
        guard let voice = prompt.voice else { return endpoint.voice }
        return endpoint.dialect == .elevenLabs && Self.openAIVoices.contains(voice) ? endpoint.voice : voice
    }

    /// Below the base URL.
    ///
    /// - Throws: `invalid` where the vendor does not have what is asked for.
    func path() throws(ServiceError) -> String {
        switch endpoint.dialect {
        case .openAI: "audio/speech"
        case .elevenLabs: "text-to-speech/\(voice.pathSegment)?output_format=\(try elevenLabsFormat())"
        }
    }

    /// Sources of the formats: the API references of OpenAI and ElevenLabs.
    ///
    /// - Throws: `invalid` where the vendor does not have what is asked for.
    func body() throws(ServiceError) -> JSON {
        switch endpoint.dialect {
        case .openAI: return openAI
        case .elevenLabs:
            var body: JSONObject = ["text": .string(prompt.text), "model_id": .string(endpoint.modelID)]
            if let speed = prompt.speed, speed != 1 {
                guard Self.elevenLabsSpeeds.contains(speed) else {
                    throw .invalid("\(endpoint.label) speaks at a speed from 0.7 to 1.2.")
                }
                body["voice_settings"] = ["speed": .number(speed)]
            }
            return .object(body)
        }
    }

    private var openAI: JSON {
        var body: JSONObject = [
            "model": .string(endpoint.modelID), "voice": .string(voice), "input": .string(prompt.text),
            "response_format": .string(prompt.format.rawValue),
        ]
        body["speed"] = prompt.speed.map(JSON.number)
        body["instructions"] = prompt.instructions.map(JSON.string)
        return .object(body)
    }

    private func elevenLabsFormat() throws(ServiceError) -> String {
        switch prompt.format {
        case .mp3: return "mp3_44100_128"
        case .opus: return "opus_48000_64"
        // A WAV file is made of the samples.
        case .pcm, .wav: return "pcm_24000"
        case .aac, .flac: throw .invalid("\(endpoint.label) does not speak \(prompt.format.rawValue).")
        }
    }
}
