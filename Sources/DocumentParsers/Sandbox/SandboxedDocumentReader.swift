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

    package var acceptedTypes: [(mediaType: String, fileExtensions: [String])] { DocumentFormat.acceptedTypes }

    /// - Throws: `ParseError`, or `CancellationError`, after which nothing of the child is left.
    package func read(path: String, fileName: String) async throws -> [ParsedDocument] {
        let limits = limits
        let text = try await ComputePool.shared.run {
            try UnicodeTextReader.read(path: path, fileName: fileName, limits: limits)
        }
        if let text { return [text] }
        return try await children.withPermit { try await sandbox.read(path: path, fileName: fileName) }
    }

    package func isPlainText(path: String, fileName: String) async -> Bool {
        await UnicodeTextReader.isPlainText(path: path, fileName: fileName)
    }
}

/// Reads documents with the same parsers in this very process: for tests and tools, never for what strangers send.
package struct InProcessDocumentReader: DocumentReader {
    private let limits: ParseLimits

    package init(limits: ParseLimits = ParseLimits()) { self.limits = limits }

    package var acceptedTypes: [(mediaType: String, fileExtensions: [String])] { DocumentFormat.acceptedTypes }

    package func read(path: String, fileName: String) async throws -> [ParsedDocument] {
        let limits = limits
        return try await onBackgroundThread {
            try DocumentDispatcher().read(path: path, fileName: fileName, limits: limits)
        }
    }

    package func isPlainText(path: String, fileName: String) async -> Bool {
        await UnicodeTextReader.isPlainText(path: path, fileName: fileName)
    }
}

/// The documents that need no child: text in UTF-8, UTF-16 or UTF-32, decoded by Swift alone.
enum UnicodeTextReader {
    /// Longer ones are read by a child, where what they take is bounded.
    private static let maximumBytes = 8 << 20

    /// - Returns: nil for every other file.
    static func read(path: String, fileName: String, limits: ParseLimits) throws(ParseError) -> ParsedDocument? {
        let file = try FileBytes(path: path)
        guard file.count <= maximumBytes || file.count > limits.maximumTextBytes else { return nil }
        guard let parser = try parser(for: file, fileName: fileName) else { return nil }
        // Refused by its size, before it takes any memory.
        let bytes = try file.text(limits: limits)
        return try parser.parseUnicode(bytes, markup: Markup(fileName: fileName), limits: limits)
    }

    static func isPlainText(path: String, fileName: String) async -> Bool {
        do {
            return try await ComputePool.shared.run { () throws -> Bool in
                try parser(for: try FileBytes(path: path), fileName: fileName) != nil
            }
        } catch {
            return false
        }
    }

    private static func parser(for file: FileBytes, fileName: String) throws(ParseError) -> TextParser? {
        let sample = try file.prefix(ContentKind.sampleBytes)
        guard case .format(let format) = try FormatSelection(sample: sample[...], fileName: fileName) else {
            return nil
        }
        return format.parser as? TextParser
    }
}

/// Runs work that blocks for long on a thread of its own. How many there are, whoever calls this bounds.
func onBackgroundThread<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws -> Value {
    try await withCheckedThrowingContinuation { continuation in
        // A serial queue: a global one starts no further thread for a second or more while its threads are blocked.
        DispatchQueue(label: "lectern.parse", qos: .utility).async { continuation.resume(with: Result { try work() }) }
    }
}
