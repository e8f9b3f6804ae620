package import Domain

/// Reads a file in this very process with the parser that fits it: the body of the sandboxed child and of tests.
package struct DocumentDispatcher: Sendable {
    package init() {}

    package func read(path: String, fileName: String, limits: ParseLimits) throws(ParseError) -> [ParsedDocument] {
        let file = try FileBytes(path: path)
        let sample = try file.prefix(ContentKind.sampleBytes)
        switch try FormatSelection(sample: sample[...], fileName: fileName) {
        case .format(let format):
            return [try parse(file, as: format, fileName: fileName, limits: limits)]
        case .archive:
            let bytes = try file.all(limit: limits.maximumExpandedBytes)
            let format = try archivedFormat(in: bytes, fileName: fileName, limits: limits)
            return [try format.parser.parse(bytes, limits: limits)]
        case .compoundFile:
            let bytes = try file.all(limit: limits.maximumExpandedBytes)
            throw refusal(ofCompoundFile: bytes, fileName: fileName)
        }
    }

    private func parse(
        _ file: FileBytes, as format: DocumentFormat, fileName: String, limits: ParseLimits
    ) throws(ParseError) -> ParsedDocument {
        if let parser = format.parser as? any FileParser { return try parser.parse(path: file.path, limits: limits) }
        if let parser = format.parser as? TextParser {
            let bytes = try file.text(limits: limits)
            return try parser.parse(bytes, markup: Markup(fileName: fileName), limits: limits)
        }
        let bytes = try file.all(limit: limits.maximumExpandedBytes)
        return try format.parser.parse(bytes, limits: limits)
    }

    private func archivedFormat(
        in bytes: [UInt8], fileName: String, limits: ParseLimits
    ) throws(ParseError) -> DocumentFormat {
        let claimed = DocumentFormat.named(FileExtension.of(fileName))
        let names: [String]
        do {
            names = try ZipArchive(bytes, limits: limits).entryNames()
        } catch {
            // A damaged archive that does not even claim to be a document of ours is just another archive.
            guard let claimed, claimed.container != .text else { throw .unsupported }
            throw error
        }
        for format in DocumentFormat.all {
            guard case .archive(let marker) = format.container else { continue }
            if names.contains(where: { $0.hasPrefix(marker) }) { return format }
        }
        guard let claimed, claimed.container != .text else { throw .unsupported }
        throw .corrupt("it does not look like a \(claimed.name) file")
    }

    private func refusal(ofCompoundFile bytes: [UInt8], fileName: String) -> ParseError {
        if CompoundFile.isEncryptedDocument(bytes) { return .encrypted }
        guard let claimed = DocumentFormat.named(FileExtension.of(fileName)), claimed.container != .text else {
            return .unsupported
        }
        return .corrupt("it is an Office file of before 2007, not a \(claimed.name) file")
    }
}

/// A parser that reads the file itself, because it hands it to a tool or never needs all of it.
protocol FileParser: DocumentParser {
    func parse(path: String, limits: ParseLimits) throws(ParseError) -> ParsedDocument
}
