package import Domain

/// Reads recordings by the words that are spoken in them, and everything else as the reader beneath does.
///
/// What one request can carry is sent as it is. For the rest the sound is taken out and sent in pieces.
package struct RecordingReader: DocumentReader {
    private let documents: any DocumentReader
    private let decoder: (any RecordingDecoder)?
    private let spool: SpoolDirectory
    private let makeTranscriber: @Sendable () throws -> any Transcriber

    /// Longer files are sent in pieces also where the transcriber names no limit: an answer takes as long as its file.
    private static let usualFileBytes = 25 << 20
    /// Ten minutes of plain sound.
    private static let pieceBytes = 600 * PlainSound.bytesPerSecond
    private static let longestSeconds = 12 * 3600

    /// - Parameters:
    ///   - transcriber: makes the one that the settings choose; throws where they choose none.
    package init(
        over documents: any DocumentReader, decoder: (any RecordingDecoder)?, spool: SpoolDirectory,
        transcriber: @escaping @Sendable () throws -> any Transcriber
    ) {
        self.documents = documents
        self.decoder = decoder
        self.spool = spool
        makeTranscriber = transcriber
    }

    package func read(
        path: String, fileName: String, address: LinkAddress?,
        progress: @escaping @Sendable (ParseProgress) async -> Void
    ) async throws -> [ParsedDocument] {
        guard let format = try await recordingFormat(path: path, fileName: fileName) else {
            return try await documents.read(path: path, fileName: fileName, address: address, progress: progress)
        }
        let recording = RecordingFile(path: path, format: format, byteCount: try await SpoolFile.byteCount(at: path))
        let document = try await transcript(
            of: recording, named: fileName, TranscriptionHints(), by: transcriber(), progress: progress
        ).document
        guard !document.text.isEmpty else { throw ParseError.empty }
        return [document]
    }

    /// The words of a recording that is not to become a document; its file stays whoever's it is.
    ///
    /// - Throws: `ServiceError`: of the code `unprocessable` where it is no recording, or none is transcribed here.
    package func transcript(
        of file: SpooledFile, named fileName: String, _ hints: TranscriptionHints
    ) async throws -> Transcript {
        let path = spool.path(of: file.name)
        do {
            guard let format = try await recordingFormat(path: path, fileName: fileName) else {
                throw ServiceError(.unprocessable, "\(fileName) is no recording of a format that is known here.")
            }
            let recording = RecordingFile(path: path, format: format, byteCount: file.byteCount)
            return try await transcript(of: recording, named: fileName, hints, by: transcriber()) { _ in }
        } catch let error as ParseError {
            throw error.serviceError(fileName: fileName)
        }
    }

    /// That none is configured is no passing state of this server, but a property of what was sent to it.
    private func transcriber() throws -> any Transcriber {
        do { return try makeTranscriber() } catch let error as ServiceError where error.code == .unavailable {
            throw ServiceError(.unprocessable, error.message, cause: error)
        }
    }

    // MARK: Sending

    private func transcript(
        of recording: RecordingFile, named fileName: String, _ hints: TranscriptionHints,
        by transcriber: any Transcriber,
        progress: @escaping @Sendable (ParseProgress) async -> Void
    ) async throws -> Transcript {
        let isTaken = transcriber.formats.contains(recording.format)
        let fits = recording.byteCount <= transcriber.maximumFileBytes ?? .max
        let isUsual = fits && recording.byteCount <= Self.usualFileBytes && !recording.format.mayHoldVideo
        if isTaken && isUsual { return try await transcriber.transcript(of: recording, hints) }
        if let decoder, decoder.isAvailable {
            return try await transcript(
                of: recording.path, hints, decodedBy: decoder, by: transcriber, progress: progress)
        }
        guard isTaken && fits else {
            let reason =
                isTaken
                ? "the provider takes files of \((transcriber.maximumFileBytes ?? 0) >> 20) MiB at most"
                : "the provider does not take its format"
            throw ServiceError(
                .unprocessable,
                "\(fileName) cannot be transcribed as it is: \(reason). With ffmpeg on this server (Debian package "
                    + "ffmpeg) it could.")
        }
        return try await transcriber.transcript(of: recording, hints)
    }

    private func transcript(
        of path: String, _ hints: TranscriptionHints, decodedBy decoder: any RecordingDecoder,
        by transcriber: any Transcriber,
        progress: @escaping @Sendable (ParseProgress) async -> Void
    ) async throws -> Transcript {
        let pieces = SoundPieces(
            into: spool, maximumBytes: min(Self.pieceBytes, transcriber.maximumFileBytes ?? .max),
            longestSeconds: Self.longestSeconds)
        defer { pieces.discard() }
        try await decoder.decode(path: path) { try pieces.append($0) }
        var transcript = Transcript()
        let parts = try await SpoolFile.onThread { try pieces.finish() }
        for (number, piece) in parts.enumerated() {
            await progress(ParseProgress(done: number, total: parts.count))
            let part = try await transcriber.transcript(
                of: RecordingFile(path: spool.path(of: piece.file), format: .wav, byteCount: piece.byteCount), hints)
            transcript.append(part, at: piece.seconds)
        }
        return transcript
    }

    // MARK: What is asked of every reader

    package func isPlainText(path: String, fileName: String) async -> Bool {
        await documents.isPlainText(path: path, fileName: fileName)
    }

    package func recordingFormat(path: String, fileName: String) async throws -> RecordingFormat? {
        try await documents.recordingFormat(path: path, fileName: fileName)
    }

    /// Another transcriber may hear other words.
    package func circumstances(path: String, fileName: String, address: LinkAddress?) async throws -> String {
        guard try await recordingFormat(path: path, fileName: fileName) != nil else {
            return try await documents.circumstances(path: path, fileName: fileName, address: address)
        }
        return try transcriber().fingerprint
    }

    /// Recordings only where they are transcribed, and those that the transcriber does not take only where they can be
    /// decoded.
    package var acceptedTypes: [FileType] {
        let transcriber = try? makeTranscriber()
        return documents.acceptedTypes.filter { type in
            guard let recording = type.recording else { return true }
            guard let transcriber else { return false }
            return decoder?.isAvailable == true || transcriber.formats.contains(recording)
        }
    }
}
