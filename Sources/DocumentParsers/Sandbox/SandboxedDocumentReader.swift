import Concurrency
package import Domain
import Foundation

/// Reads documents as a server must: Unicode text in this process, in memory-safe code; everything else in a child
/// process of the same executable under limits on time, memory and output. A parser that crashes fails one document.
package struct SandboxedDocumentReader: DocumentReader {
    private let sandbox: ParserSandbox
    private let limits: ParseLimits
    /// Texts need none: files which take long never keep them waiting.
    private let children: Concurrency.Semaphore

    /// - Parameters:
    ///   - command: what starts the child: the path of the executable, then the hidden subcommand.
    ///   - parallelism: how many documents are read at once; others wait in order. Twice the number of cores by default.
    package init(
        command: [String], limits: ParseLimits = ParseLimits(),
        parallelism: Int = 2 * ProcessInfo.processInfo.activeProcessorCount
    ) {
        sandbox = ParserSandbox(command: command, limits: limits)
        self.limits = limits
        children = Concurrency.Semaphore(value: parallelism)
    }

    package var acceptedTypes: [FileType] { DocumentFormat.acceptedTypes }

    /// - Throws: `ParseError`, or `CancellationError`, after which nothing of the child is left.
    package func read(
        path: String, fileName: String, address: LinkAddress?,
        progress: @escaping @Sendable (ParseProgress) async -> Void
    ) async throws -> [ParsedDocument] {
        let limits = limits
        let text = try await ComputePool.shared.run {
            try UnicodeTextReader.read(path: path, fileName: fileName, limits: limits)
        }
        if let text { return text }
        return try await children.withPermit {
            try await relaying(to: progress) { report in
                try await sandbox.read(path: path, fileName: fileName, address: address, progress: report)
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
