/// Decodes the bytes of an HTML file.
enum HTMLDecoder {
    /// How far a declaration of the encoding is searched; browsers look at 1024 bytes, real pages are laxer.
    private static let prescanBytes = 8192

    /// Valid Unicode is taken as such whatever the page declares, since a wrong declaration is commoner than text in
    /// another encoding that is valid UTF-8 by chance. Then the declaration counts, then what the bytes look like.
    static func decode(_ bytes: [UInt8]) -> String {
        if let text = TextDecoder.decodeUnicode(bytes) { return text }
        if let label = declaredEncoding(bytes), let text = decode(bytes, declaredAs: label) {
            return TextDecoder.cleaned(text)
        }
        return TextDecoder.decode(bytes)
    }

    /// - Returns: nil where the label is no reason to believe anything: it names UTF-8, which the bytes are not, UTF-16,
    ///   in which nobody could read the label, or what the standard replaces by a single sign.
    private static func decode(_ bytes: [UInt8], declaredAs label: String) -> String? {
        switch EncodingLabel.meaning(of: label) {
        case .utf8, .legacy(.utf16), .legacy(.replacement): nil
        // HTML Standard, section 13.2.3.2: what pages call user-defined is windows-1252.
        case .legacy(.userDefined): LegacyEncoding.windows1252.decode(bytes)
        case .legacy(let encoding): encoding.decode(bytes)
        case nil: LegacyEncoding.outsideTheStandard(label)?.decode(bytes)
        }
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
