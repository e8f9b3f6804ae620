import Domain
import Foundation
import Testing

@testable import DocumentParsers

/// Files for tests: those in `Fixtures`, made by the programs in `script/fixtures`, and those that a test composes.
enum Fixture {
    static func path(_ name: String) throws -> String {
        let url = try #require(Bundle.module.url(forResource: "Fixtures", withExtension: nil))
        return url.appendingPathComponent(name).path
    }

    /// Calls `body` with the path of a file that holds these bytes, and removes it afterwards.
    static func withFile<Value>(_ bytes: [UInt8], _ body: (String) async throws -> Value) async throws -> Value {
        let file = try TemporaryFile(bytes)
        defer { file.remove() }
        return try await body(file.path)
    }

    /// Reads the first document in a file of `Fixtures`, in this process.
    static func read(_ name: String, as fileName: String? = nil) throws -> ParsedDocument {
        try #require(try readAll(name, as: fileName).first)
    }

    static func readAll(_ name: String, as fileName: String? = nil) throws -> [ParsedDocument] {
        try DocumentDispatcher().read(path: path(name), fileName: fileName ?? name, limits: ParseLimits())
    }

    /// Reads the first document in these bytes in this process, as if a client had sent them under this name.
    static func read(
        _ bytes: [UInt8], as fileName: String, from address: LinkAddress? = nil, limits: ParseLimits = ParseLimits()
    ) async throws -> ParsedDocument {
        try #require(try await readAll(bytes, as: fileName, from: address, limits: limits).first)
    }

    static func readAll(
        _ bytes: [UInt8], as fileName: String, from address: LinkAddress? = nil, limits: ParseLimits = ParseLimits()
    ) async throws -> [ParsedDocument] {
        try await withFile(bytes) { path in
            try DocumentDispatcher().read(path: path, fileName: fileName, limits: limits, address: address)
        }
    }
}

extension ParsedDocument {
    /// What stands at each heading's offset, up to the end of the line: shows that the offsets are right.
    var linesAtHeadings: [String] {
        headings.map { heading in
            let start = String.Index(utf16Offset: heading.offset, in: text)
            return String(text[start...].prefix { $0 != "\n" })
        }
    }

    /// The text of each page.
    var pages: [String] {
        let starts = divisions?.starts ?? []
        return zip(starts, starts.dropFirst() + [text.utf16.count]).map { start, end in
            String(
                text[String.Index(utf16Offset: start, in: text)..<String.Index(utf16Offset: end, in: text)])
        }
    }
}
