import Domain

/// Where in the library the documents of a file belong, by which the server recognises an earlier version of the file.
struct LibraryPlace: Sendable {
    let folder: FolderName
    /// As the server takes it from an upload.
    let fileName: String

    init(folder: FolderName, fileName: String) {
        self.folder = folder
        self.fileName = ClientFileName.sanitized(fileName).composed
    }

    /// The same for all places that are one to the server.
    struct Key: Sendable, Hashable {
        let folder: String
        let fileName: String
    }

    var key: Key { Key(folder: folder.key, fileName: fileName) }
}

extension FolderName {
    /// The folder that stands for a directory: named like those that lead to it, for the library's folders lie on one level.
    /// What no folder may be called is written otherwise, in the same way each time.
    static func mirroring(_ directories: [String]) throws(Flaw) -> FolderName {
        let text = directories.joined(separator: " - ")
        let plain = String(String.UnicodeScalarView(text.unicodeScalars.map(harmless)))
        for candidate in [text, plain, "\(plain)_", "_\(plain)", "_\(plain)_"] {
            if let name = try? FolderName(new: fitting(candidate)) { return name }
        }
        return try FolderName(new: "folder-\(FNV1a(text).hexadecimal)")
    }

    private static func harmless(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator: "_"
        default: scalar == "/" || scalar == "\\" ? "_" : scalar
        }
    }

    /// Bytes of a name that is too long, in front of what tells it from others.
    private static let beginning = 220

    private static func fitting(_ text: String) -> String {
        let composed = text.composed
        guard composed.utf8.count > 255 else { return text }
        var (kept, length) = ("", 0)
        for character in composed {
            length += character.utf8.count
            guard length <= beginning else { break }
            kept.append(character)
        }
        return "\(kept)… \(FNV1a(composed).hexadecimal)"
    }
}
