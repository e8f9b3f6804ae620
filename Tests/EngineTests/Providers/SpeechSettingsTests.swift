import Domain
import Testing

@testable import Engine

@Suite struct SpeechSettingsTests {
    /// The contract's table, written down a second time: id, what must be set, address, model, voice.
    static let speakers: [(String, [String: String], String, String, String)] = [
        ("openai", ["TTS_OPEN_AI_KEY": "sk-1"], "https://api.openai.com/v1", "tts-1", "alloy"),
        ("generic-openai", ["TTS_OPEN_AI_COMPATIBLE_ENDPOINT": "http://h/v1"], "http://h/v1", "tts-1", "alloy"),
        ("kokoro", ["TTS_KOKORO_ENDPOINT": "http://h:8880"], "http://h:8880/v1", "kokoro", "af_bella"),
        (
            "elevenlabs", ["TTS_ELEVEN_LABS_KEY": "k"], "https://api.elevenlabs.io/v1", "eleven_multilingual_v2",
            "21m00Tcm4TlvDq8ikWAM"
        ),
    ]

    @Test(arguments: speakers) func `a speaker has the contract's address, model and voice, and says what it lacks`(
        id: String, environment: [String: String], address: String, model: String, voice: String
    ) throws {
        let found = try SettingsSnapshot(environment: environment.merging(["TTS_PROVIDER": id]) { $1 }).speechEndpoint()
        #expect(found.baseURL == address && found.modelID == model && found.voice == voice)
        let settings = SettingsSnapshot(environment: ["TTS_PROVIDER": id])
        let error = #expect(throws: ServiceError.self) { try settings.speechEndpoint() }
        #expect(error?.message.contains(environment.keys.first ?? "-") == true)
        #expect(settings.providerChecks().contains { $0.title == "speech by \(id)" && $0.problem != nil })
    }

    @Test func `OpenAI speaks where nothing is set, and what is left to browsers is said to be`() throws {
        #expect(try SettingsSnapshot(environment: ["TTS_OPEN_AI_KEY": "sk-1"]).speechEndpoint().label == "OpenAI")
        for id in ["native", "piper_local"] {
            let settings = SettingsSnapshot(environment: ["TTS_PROVIDER": id])
            let error = #expect(throws: ServiceError.self) { try settings.speechEndpoint() }
            #expect(error?.message.contains("left to the browser. Set TextToSpeechProvider (TTS_PROVIDER)") == true)
        }
    }

    /// The same of those who listen.
    static let listeners: [(String, [String: String], String, String)] = [
        ("openai", ["OPEN_AI_KEY": "sk-1"], "https://api.openai.com/v1", "whisper-1"),
        ("groq", ["STT_GROQ_API_KEY": "k"], "https://api.groq.com/openai/v1", "whisper-large-v3-turbo"),
        ("generic-openai", ["STT_OPEN_AI_COMPATIBLE_ENDPOINT": "http://h/v1"], "http://h/v1", "whisper-1"),
        ("lemonade", ["STT_LEMONADE_BASE_PATH": "http://h:8000"], "http://h:8000/api/v1", "whisper-1"),
        ("deepgram", ["STT_DEEPGRAM_API_KEY": "k"], "https://api.deepgram.com/v1", "nova-3"),
    ]

    @Test(arguments: listeners) func `a listener has the contract's address and model, and says what it lacks`(
        id: String, environment: [String: String], address: String, model: String
    ) throws {
        let all = environment.merging(["STT_PROVIDER": id]) { $1 }
        let found = try SettingsSnapshot(environment: all).listeningEndpoint()
        #expect(found.baseURL == address && found.modelID == model)
        // Those that take WAV alone get the others decoded.
        #expect(found.takesWAVAlone == ["generic-openai", "lemonade"].contains(id))
        let settings = SettingsSnapshot(environment: ["STT_PROVIDER": id])
        let error = #expect(throws: ServiceError.self) { try settings.listeningEndpoint() }
        #expect(error?.message.contains(environment.keys.first ?? "-") == true)
    }

    @Test func `where listening is left to browsers, whoever transcribes recordings listens`() throws {
        let error = #expect(throws: ServiceError.self) { try SettingsSnapshot(environment: [:]).listeningEndpoint() }
        #expect(error?.message.contains("SpeechToTextProvider (STT_PROVIDER)") == true)
        let environment = ["WHISPER_PROVIDER": "generic-openai", "WHISPER_GENERIC_OPEN_AI_BASE_URL": "http://h/v1"]
        let found = try SettingsSnapshot(environment: environment).listeningEndpoint()
        #expect(found.baseURL == "http://h/v1" && found.modelID == "whisper-small")
    }
}
