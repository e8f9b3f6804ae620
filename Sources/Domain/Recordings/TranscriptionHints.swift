/// What whoever sends a recording knows of it, and wants of its transcript.
package struct TranscriptionHints: Sendable, Equatable {
    /// Of the speech, `en` say; `nil` lets the model find out.
    package var language: String?
    /// Words that may come up in it, in the spelling that is wanted.
    package var prompt: String?
    /// Whether the transcript is to be in English, whatever is spoken.
    package var translates = false

    package init() {}
}

extension Transcriber {
    /// The same by one who takes no hints: what is only a hint is passed over.
    package func transcript(of recording: RecordingFile, _ hints: TranscriptionHints) async throws -> Transcript {
        guard !hints.translates else {
            throw ServiceError(.unprocessable, "Recordings are not translated on this server.")
        }
        return try await transcript(of: recording)
    }
}
