import Domain

/// What is behind a link, by what its server says and what its first bytes are: a page, or a file with a name; of a video, its
/// captions.
enum LinkContent: Equatable {
    case page(Ingestion.PageFormat)
    case file(named: String)
    case video(VideoDetails)

    /// - Parameters:
    ///   - address: as it was named.
    ///   - beginning: a kibibyte or more, unless there is less.
    ///   - acceptedTypes: those of `DocumentReader`.
    init(
        _ head: LinkHead, at address: LinkAddress, beginning: [UInt8],
        acceptedTypes: [FileType]
    ) {
        let known = acceptedTypes.flatMap(\.fileExtensions)
        // Where the type says nothing, the name that the server gives the file may.
        let given = head.fileName.map { "." + DocumentDefaults.fileExtension(of: $0) }.flatMap {
            known.contains($0) ? $0 : nil
        }
        let named = { (fileExtension: String?) in
            LinkContent.file(named: LinkNaming.fileName(of: address, fileExtension ?? given, known))
        }
        // Servers say `text/html` of anything; these two beginnings are no page's.
        if beginning.starts(with: "%PDF-".utf8) {
            self = named(".pdf")
            return
        }
        let isArchive = beginning.starts(with: [0x50, 0x4B, 0x03, 0x04])
        let accepted = acceptedTypes.first { $0.mediaType == head.mediaType }?.fileExtensions.first
        switch head.mediaType {
        case "text/html" where !isArchive, "application/xhtml+xml" where !isArchive: self = .page(.html)
        case "text/plain" where !isArchive: self = .page(Self.isHTML(beginning) ? .html : .text)
        case _ where accepted != nil && !(isArchive && head.mediaType.hasPrefix("text/")): self = named(accepted)
        case let type where Self.isText(type) && !isArchive: self = .page(Self.isHTML(beginning) ? .html : .text)
        // What nobody calls anything is a page, unless it is no text at all.
        case "" where !isArchive && !beginning.contains(0): self = .page(Self.isMarkup(beginning) ? .html : .text)
        default: self = Self.isHTML(beginning) ? .page(.html) : named(nil)
        }
    }

    private static func isText(_ mediaType: String) -> Bool {
        mediaType.hasPrefix("text/") || mediaType.hasSuffix("+xml") || mediaType.hasSuffix("+json")
            || ["application/xml", "application/javascript", "application/yaml"].contains(mediaType)
    }

    /// Whether it begins with an element of HTML (WHATWG, MIME sniffing, section 7.1).
    private static func isMarkup(_ beginning: [UInt8]) -> Bool {
        let text = String(decoding: beginning.prefix(1024), as: UTF8.self).lowercased()
        let start = text.drop { $0.isWhitespace || $0 == "\u{FEFF}" }
        if start.hasPrefix("<!--") || isHTML(beginning) { return true }
        guard start.first == "<" else { return false }
        let name = start.dropFirst().prefix { $0.isLetter || $0.isNumber }
        return elements.contains(String(name))
            && start.dropFirst(1 + name.count).first.map { $0.isWhitespace || $0 == ">" || $0 == "/" } ?? false
    }

    private static let elements: Set<String> = [
        "a", "article", "b", "body", "br", "div", "font", "h1", "h2", "head", "html", "iframe", "main", "p", "script",
        "section", "style", "table", "title", "ul", "ol",
    ]

    /// As browsers look for it (WHATWG, MIME sniffing, section 7.1), with fewer elements.
    private static func isHTML(_ beginning: [UInt8]) -> Bool {
        let text = String(decoding: beginning.prefix(1024), as: UTF8.self).lowercased()
        let start = text.drop { $0.isWhitespace || $0 == "\u{FEFF}" }
        if ["<!doctype html", "<html", "<head", "<body"].contains(where: start.hasPrefix) { return true }
        return start.hasPrefix("<?xml") && text.contains("<html")
    }
}

/// What documents from links are called; the forms are the wire's.
enum LinkNaming {
    /// UTF-16 code units.
    private static let maximumLength = 255

    /// `example.com_docs_intro` of a page, without what a slug cannot hold.
    static func page(_ address: LinkAddress) -> String {
        let path =
            address.path.count > 1 && address.path.hasSuffix("/") ? String(address.path.dropLast()) : address.path
        return Slug.storedName(address.host + decoded(path).replacing("/", with: "_")).shortened(toUTF16: maximumLength)
    }

    /// `arxiv.org-pdf-2307.10265.pdf` of a file; where the path does not end like a format that is read, `fileExtension` is
    /// added.
    static func fileName(of address: LinkAddress, _ fileExtension: String?, _ known: [String]) -> String {
        let slug = Slug.storedName(decoded(address.path)).lowercased()
        let name = StoredName.upload(slug.isEmpty ? address.host : "\(address.host)-\(slug)") ?? "document"
        let ending = "." + DocumentDefaults.fileExtension(of: name)
        guard let fileExtension, !known.contains(ending) else { return name }
        return name + fileExtension
    }

    private static func decoded(_ path: String) -> String { path.percentDecoded ?? path }
}
