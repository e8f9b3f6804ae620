/// A recording that lies in a file.
package struct RecordingFile: Sendable, Equatable {
    /// Made by the server.
    package var path: String
    package var format: RecordingFormat
    package var byteCount: Int

    package init(path: String, format: RecordingFormat, byteCount: Int) {
        self.path = path
        self.format = format
        self.byteCount = byteCount
    }
}

/// Who turns speech into text.
package protocol Transcriber: Sendable {
    /// Another one wherever the same recording may give another text.
    var fingerprint: String { get }
    /// Bytes of a file at most; `nil` where nobody says.
    var maximumFileBytes: Int? { get }
    /// The formats of files that are taken; `.wav` is always one of them.
    var formats: Set<RecordingFormat> { get }

    /// Throws `ServiceError` where it fails, `CancellationError` where the task is cancelled, which stops the provider too.
    func transcript(of recording: RecordingFile) async throws -> Transcript
    /// The same, with what is known of the recording. Throws `ServiceError` of the code `unprocessable` where a translation is
    /// wanted that it cannot make.
    func transcript(of recording: RecordingFile, _ hints: TranscriptionHints) async throws -> Transcript
}

/// The sound of a recording as every transcriber understands it.
package enum PlainSound {
    /// Samples in a second; there is one channel.
    package static let sampleRate = 16_000
    /// Of a sample: a signed number, its low byte first.
    package static let sampleBytes = 2
    package static let bytesPerSecond = sampleRate * sampleBytes
}

/// Takes the sound out of recordings.
package protocol RecordingDecoder: Sendable {
    /// Whether the tool that it needs is on this machine.
    var isAvailable: Bool { get }

    /// Calls `receive` with the sound as `PlainSound`, in pieces of whatever length, one after the other, on a thread where
    /// it may wait. What it throws ends the decoding, and is thrown.
    ///
    /// - Parameter path: made by the server.
    /// - Throws: `ParseError`, of which `.empty` says that there is no sound; `CancellationError`.
    func decode(path: String, receive: @escaping @Sendable (ArraySlice<UInt8>) throws -> Void) async throws
}
