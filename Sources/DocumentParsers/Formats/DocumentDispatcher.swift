package import Domain

/// Reads a file in this very process with the parser that fits it: the body of the sandboxed child and of tests.
package struct DocumentDispatcher: Sendable {
    package init() {}

    package func read(path: String, fileName: String, limits: ParseLimits) throws(ParseError) -> [ParsedDocument] {
        try read(ParserInput(path: path, fileName: fileName, limits: limits))
    }

    func read(_ input: ParserInput) throws(ParseError) -> [ParsedDocument] {
        try format(of: input).parser.parse(input)
    }

    private func format(of input: ParserInput) throws(ParseError) -> DocumentFormat {
        switch try FormatSelection(input) {
        case .format(let format): return format
        case .archive: return try archivedFormat(in: input.bytes(), fileName: input.fileName, limits: input.limits)
        case .compoundFile: throw refusal(ofCompoundFile: try input.bytes(), fileName: input.fileName)
        }
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
