import Concurrency
package import Domain

/// Reads documents with the same parsers in this very process: for tests and tools, never for what strangers send.
package struct InProcessDocumentReader: DocumentReader {
    private let limits: ParseLimits

    package init(limits: ParseLimits = ParseLimits()) { self.limits = limits }

    package var acceptedTypes: [FileType] { DocumentFormat.acceptedTypes }

    package func read(
        path: String, fileName: String, address: LinkAddress?,
        progress: @escaping @Sendable (ParseProgress) async -> Void
    ) async throws -> [ParsedDocument] {
        let limits = limits
        return try await relaying(to: progress) { report in
            try await onBackgroundThread {
                try DocumentDispatcher().read(
                    path: path, fileName: fileName, limits: limits, address: address, progress: report)
            }
        }
    }

    package func isPlainText(path: String, fileName: String) async -> Bool {
        await UnicodeTextReader.isPlainText(path: path, fileName: fileName)
    }

    package func circumstances(path: String, fileName: String, address: LinkAddress?) async throws -> String {
        try await ComputePool.shared.run {
            DocumentFormat.circumstances(path: path, fileName: fileName, address: address)
        }
    }

    package func recordingFormat(path: String, fileName: String) async throws -> RecordingFormat? {
        try await ComputePool.shared.run { DocumentFormat.recording(path: path, fileName: fileName) }
    }
}
