package import Domain

/// Takes the sound out of recordings with the same tool, but without a sandbox: for tests, never for what strangers send.
package struct InProcessRecordingDecoder: RecordingDecoder {
    private let limits: ParseLimits

    package init(limits: ParseLimits = .recordings) { self.limits = limits }

    package var isAvailable: Bool { SoundExtractor.tool.isInstalled }

    package func decode(
        path: String, receive: @escaping @Sendable (ArraySlice<UInt8>) throws -> Void
    ) async throws {
        let limits = limits
        try await onBackgroundThread {
            try throwing(receive) { take in try SoundExtractor(limits: limits).extract(from: path, receive: take) }
        }
    }
}

/// Runs `work` with a receiver that cannot throw: what `receive` throws ends the work, and is thrown instead of what comes
/// of that.
func throwing(
    _ receive: @escaping (ArraySlice<UInt8>) throws -> Void, _ work: ((ArraySlice<UInt8>) -> Bool) throws -> Void
) throws {
    var failure: (any Error)?
    do {
        try work { piece in
            do {
                try receive(piece)
                return true
            } catch {
                failure = error
                return false
            }
        }
    } catch { throw failure ?? error }
}
