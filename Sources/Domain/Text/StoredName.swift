/// Names of uploads and of the documents made from them. Both are only text: no part of either becomes a file path.
package enum StoredName {
    /// Bytes of the slug inside a stored document's name.
    package static let maximumSlugLength = 120
    /// UTF-16 code units of an upload's name.
    package static let maximumUploadNameLength = 255

    /// `My-Report-(final).PDF-<id>.json`, the name below its folder of the document made from an uploaded file.
    ///
    /// - Parameter suffix: tells documents of one file apart.
    package static func file(_ originalName: String, id: String, suffix: String = "") -> String {
        "\(stem(Slug.storedName(originalName)))-\(id)\(suffix).json"
    }

    /// `sheet-Sales-2024-<id>.json`, the name of the document made from a sheet of a workbook.
    package static func sheet(_ name: String, id: String) -> String {
        "sheet-\(stem(Slug.storedName(name)))-\(id).json"
    }

    /// `budget.xlsx-6e8b`, the folder of the sheets of the workbook that this id was given to.
    package static func folder(of workbook: String, id: String) -> String {
        "\(stem(Slug.storedName(workbook).lowercased()))-\(id.prefix(4))"
    }

    /// `url-example.com_docs-<id>.json`, the name of the document made from a page.
    ///
    /// - Parameter slug: of the address.
    package static func page(_ slug: String, id: String) -> String { "url-\(stem(slug))-\(id).json" }

    /// `harbour-films-youtube-transcripts`, the folder of the transcripts of a channel's videos.
    package static func transcripts(of channel: String) -> String {
        // Its end, which says what is in it, must not be what is cut off.
        stem(Slug.storedName(channel.shortened(toUTF16: 80) + " YouTube transcripts").lowercased())
    }

    /// `raw-<title>-<id>.json`, the name of a document sent as text.
    package static func rawText(title: String, id: String) -> String {
        "raw-\(stem(Slug.rawTextTitle(title)))-\(id).json"
    }

    /// The name under which an upload is known (title, messages), from what its client sent; `nil` where nothing is left.
    ///
    /// It is the base name without characters that are reserved in file systems, quotation marks, control characters or
    /// invisible ones that change the reading direction, and never ends with a dot or is the name of a device.
    package static func upload(_ name: String) -> String? {
        let base = name.unicodeScalars.split(omittingEmptySubsequences: false) { $0 == "/" || $0 == "\\" }.last ?? []
        var kept = String.UnicodeScalarView()
        kept.append(contentsOf: base.lazy.filter { !isForbidden($0) })
        let cleaned = trimmed(String(kept))
        guard !cleaned.isEmpty else { return nil }
        let harmless = isDevice(cleaned) ? "_" + cleaned : cleaned
        return trimmed(shortened(harmless, to: maximumUploadNameLength, length: \.utf16.count))
    }

    private static func stem(_ slug: String) -> String {
        var allowed = String.UnicodeScalarView()
        allowed.append(contentsOf: slug.unicodeScalars.lazy.filter { !isForbidden($0) })
        var stem = String(allowed)
        // What has no letter before its extension says nothing to people, and would be hidden where it is a file.
        if stem.isEmpty || stem.first == "." { stem = "document" + stem }
        return shortened(stem, to: maximumSlugLength, length: \.utf8.count)
    }

    /// The beginning of the name, and its extension where it has one of ordinary length.
    private static func shortened(_ name: String, to limit: Int, length: (Substring) -> Int) -> String {
        guard length(name[...]) > limit else { return name }
        var fileExtension = name[name.endIndex...]
        if let dot = name.lastIndex(of: "."), length(name[dot...]) <= 12 { fileExtension = name[dot...] }
        let room = limit - length(fileExtension)
        var end = name.startIndex
        var used = 0
        while end < fileExtension.startIndex {
            let next = name.index(after: end)
            used += length(name[end..<next])
            guard used <= room else { break }
            end = next
        }
        return String(name[..<end] + fileExtension)
    }

    /// Without white space at either end and dots at the end.
    private static func trimmed(_ name: String) -> String {
        var scalars = name.unicodeScalars[...]
        while let last = scalars.last, last == "." || last.properties.isWhitespace { scalars.removeLast() }
        while let first = scalars.first, first.properties.isWhitespace { scalars.removeFirst() }
        return String(scalars)
    }

    private static func isForbidden(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "<", ">", ":", "\"", "/", "\\", "|", "?", "*": true
        // Typographic quotation marks.
        case "\u{2018}"..."\u{201F}": true
        // Marks, embeddings, overrides and isolates of writing direction; joiners stay, as words and emoji need them.
        case "\u{061C}", "\u{200E}", "\u{200F}", "\u{202A}"..."\u{202E}", "\u{2066}"..."\u{2069}": true
        case "\u{200B}", "\u{2028}", "\u{2029}", "\u{FEFF}": true
        default: scalar.properties.generalCategory == .control
        }
    }

    /// Whether Windows takes the name for a device, whatever its extension.
    private static func isDevice(_ name: String) -> Bool {
        let stem = name.prefix { $0 != "." }.uppercased()
        if ["CON", "PRN", "AUX", "NUL"].contains(stem) { return true }
        guard stem.count == 4, stem.hasPrefix("COM") || stem.hasPrefix("LPT") else { return false }
        return stem.last.map { "123456789".contains($0) } ?? false
    }
}
