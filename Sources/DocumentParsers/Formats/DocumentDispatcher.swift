package import Domain

/// Reads a file in this very process with the parser that fits it: the body of the sandboxed child and of tests.
package struct DocumentDispatcher: Sendable {
    package init() {}

    /// - Parameters:
    ///   - address: where the file was fetched from, which relative addresses in it start from; `nil` where it was sent.
    ///   - progress: called on the parsers' threads, once for each page or the like.
    package func read(
        path: String, fileName: String, limits: ParseLimits, address: LinkAddress? = nil,
        progress: @escaping @Sendable (ParseProgress) -> Void = { _ in }
    ) throws(ParseError) -> [ParsedDocument] {
        try read(
            ParserInput(path: path, fileName: fileName, limits: limits, address: address, progress: progress))
    }

    func read(_ input: ParserInput) throws(ParseError) -> [ParsedDocument] {
        try format(of: input).parser.parse(input).map(\.withPlainLetters)
    }

    private func format(of input: ParserInput) throws(ParseError) -> DocumentFormat {
        switch try FormatSelection(input) {
        case .format(let format): return format
        case .archive: return try archivedFormat(in: input.bytes(), fileName: input.fileName, limits: input.limits)
        case .compoundFile: return try compoundFormat(in: input.bytes(), fileName: input.fileName)
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
            case .text, .pdf, .rtf, .picture, .recording, .compoundFile: continue
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

    private func compoundFormat(in bytes: [UInt8], fileName: String) throws(ParseError) -> DocumentFormat {
        let claimed = DocumentFormat.named(FileExtension.of(fileName))
        let isDocument = claimed.map { $0.container != .text } ?? false
        let file: CompoundFile
        do {
            file = try CompoundFile(bytes)
        } catch {
            throw isDocument ? error : .unsupported
        }
        if file.isEncryptedDocument { throw .encrypted }
        for format in DocumentFormat.all {
            guard case .compoundFile(let streams) = format.container else { continue }
            if streams.contains(where: file.holds) { return format }
        }
        if file.holds(CompoundFile.messageProperties) {
            throw .corrupt("it is a message of Outlook (MSG), which is not supported; save it as EML")
        }
        guard let claimed, isDocument else { throw .unsupported }
        throw .corrupt("it does not look like a \(claimed.name) file")
    }
}
