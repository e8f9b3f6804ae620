package import Domain
package import Engine
import NIOCore

extension SpoolDirectory {
    /// Parses a document that came with a question: it lies in a file of its own while `reader` works, and no longer.
    ///
    /// - Throws: `ServiceError` that says for people why there is no text.
    package func read(_ document: AttachedDocument, with reader: any DocumentReader) async throws -> [ParsedDocument] {
        let writer = try await SpoolWriter(spool: self, maximumBytes: document.bytes.count)
        do {
            try await writer.append(ByteBuffer(bytes: document.bytes))
            _ = try await writer.finish()
            let parsed = try await reader.read(path: writer.path, fileName: document.name)
            await SpoolFile.remove(writer.path)
            return parsed
        } catch {
            await SpoolFile.remove(writer.path)
            if let error = error as? ParseError { throw error.serviceError(fileName: document.name) }
            throw error
        }
    }
}
