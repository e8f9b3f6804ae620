/// Decodes the bytes of an HTML file.
enum HTMLDecoder {
    /// How far a declaration of the encoding is searched; browsers look at 1024 bytes, real pages are laxer.
    private static let prescanBytes = 8192

    /// Valid Unicode is taken as such whatever the page declares, since a wrong declaration is commoner than text in
    /// another encoding that is valid UTF-8 by chance. Then the declaration counts, then what the bytes look like.
    static func decode(_ bytes: [UInt8]) -> String {
        if let text = TextDecoder.decodeUnicode(bytes) { return text }
        if let declared = declaredEncoding(bytes), !declared.hasPrefix("utf-"),
            let text = LegacyEncoding.decode(bytes, from: declared)
        {
            return TextDecoder.cleaned(text)
        }
        return TextDecoder.decode(bytes)
    }

    /// The name after `charset=` in `<meta charset>` or in its older form; also `encoding=` of an XML declaration.
    static func declaredEncoding(_ bytes: [UInt8]) -> String? {
        let head = String(decoding: bytes.prefix(prescanBytes), as: UTF8.self).lowercased()
        for key in ["charset", "encoding"] {
            var rest = head[...]
            while let found = rest.firstRange(of: key) {
                rest = rest[found.upperBound...]
                let value = rest.drop { $0 == " " }
                guard value.first == "=" else { continue }
                let name = value.dropFirst().drop { " \"'".contains($0) }
                    .prefix { $0.isASCII && ($0.isLetter || $0.isNumber || "-_:".contains($0)) }
                if !name.isEmpty { return String(name) }
            }
        }
        return nil
    }
}
