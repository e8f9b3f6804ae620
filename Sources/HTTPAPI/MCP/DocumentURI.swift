import Domain

/// The address of a document as a resource: `lectern://documents/FOLDER/NAME`, both percent-encoded, with `?start=OFFSET` for
/// the text from a UTF-16 offset on.
struct DocumentURI: Sendable, Equatable {
    let path: DocumentPath
    let start: Int

    private static let prefix = "lectern://documents/"

    init(_ path: DocumentPath, start: Int = 0) {
        self.path = path
        self.start = start
    }

    /// `nil` for what is no such address.
    init?(_ text: String) {
        guard text.lowercased().hasPrefix(Self.prefix) else { return nil }
        let parts = text.dropFirst(Self.prefix.count).split(
            separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        let segments = parts[0].split(separator: "/", omittingEmptySubsequences: false).map(\.percentDecoded)
        guard segments.count == 2, let folder = segments[0], let name = segments[1],
            DocumentPath.isSegment(folder), DocumentPath.isSegment(name)
        else { return nil }
        path = DocumentPath(folder: folder, name: name)
        guard parts.count == 2 else {
            start = 0
            return
        }
        guard parts[1].hasPrefix("start="), let offset = Int(parts[1].dropFirst("start=".count)), offset >= 0 else {
            return nil
        }
        start = offset
    }

    var text: String {
        Self.prefix + Self.encoded(path.folder) + "/" + Self.encoded(path.name) + (start > 0 ? "?start=\(start)" : "")
    }

    /// All but the unreserved characters of RFC 3986, section 2.3.
    private static func encoded(_ text: String) -> String {
        var result = ""
        for byte in text.utf8 {
            let scalar = Unicode.Scalar(byte)
            switch scalar {
            case "a"..."z", "A"..."Z", "0"..."9", "-", ".", "_", "~": result.unicodeScalars.append(scalar)
            default: result += (byte < 16 ? "%0" : "%") + String(byte, radix: 16, uppercase: true)
            }
        }
        return result
    }
}
