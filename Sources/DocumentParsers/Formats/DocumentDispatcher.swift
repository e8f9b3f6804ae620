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
        let archive = ZipArchive(bytes, limits: limits)
        let names: [String]
        let mediaType: String
        do {
            names = try archive.entryNames()
            mediaType = try declaredMediaType(archive)
        } catch {
            // A damaged archive that does not even claim to be a document of ours is just another archive.
            guard let claimed, claimed.container != .text else { throw .unsupported }
            throw error
        }
        for format in DocumentFormat.all {
            switch format.container {
            case .archive(let marker): if names.contains(where: { $0.hasPrefix(marker) }) { return format }
            case .package(let mediaTypes, _): if mediaTypes.contains(mediaType) { return format }
            case .text, .pdf, .rtf, .picture: continue
            }
        }
        if let claimed, case .package(_, let main) = claimed.container, names.contains(main) { return claimed }
        guard let claimed, claimed.container != .text else { throw .unsupported }
        throw .corrupt("it does not look like a \(claimed.name) file")
    }

    /// What the entry `mimetype` says, which OpenDocument (part 2, 3.3) and EPUB have; empty where there is none.
    private func declaredMediaType(_ archive: ZipArchive) throws(ParseError) -> String {
        let content = try archive.contents(of: ["mimetype"])["mimetype"] ?? []
        return String(decoding: content.prefix(200), as: UTF8.self).trimmed
    }

    private func refusal(ofCompoundFile bytes: [UInt8], fileName: String) -> ParseError {
        if CompoundFile.isEncryptedDocument(bytes) { return .encrypted }
        if CompoundFile.isOutlookMessage(bytes) {
            return .corrupt("it is a message in Outlook's own format; save it as EML or MBOX and upload that")
        }
        guard let claimed = DocumentFormat.named(FileExtension.of(fileName)), claimed.container != .text else {
            return .unsupported
        }
        return .corrupt("it is an Office file of before 2007, not a \(claimed.name) file")
    }
}
