/// What the fake provider does with one request for speech.
package enum FakeSpeechReply: Sendable {
    /// These bytes, of this media type.
    case sound([UInt8], String)
    /// Takes the request and never answers.
    case silence

    /// The beginning of an MP3 file.
    package static let mp3: [UInt8] = [0xFF, 0xFB, 0x90, 0x64, 0x00, 0x0F, 0xF0, 0x00]
}

extension FakeProvider {
    /// One reply for each request for speech, in order; the last one stands for all that follow.
    package func answerSpeech(_ replies: FakeSpeechReply...) { state.change { $0.speechReplies = replies } }
}
