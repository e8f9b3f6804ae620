/// The name of an uploaded file as people see it: in messages, as the default title, and for the extension that tells
/// the format. It is never a path on this machine.
package enum ClientFileName {
    /// Stands in where a name was sent of which nothing is left.
    package static let fallback = "document"
    /// In UTF-8 bytes, what file systems and other tools take.
    private static let maximumBytes = 255
    private static let maximumExtensionBytes = 32

    /// What remains of the client's name: the part after the last `/` or `\`, without the characters `< > : " | ? *`,
    /// typographic quotes, control characters and those that reverse the reading direction (with which `exe.pdf` can be
    /// made of `fdp.exe`), cut to 255 bytes in front of its extension.
    package static func sanitized(_ name: String) -> String {
        let base = name.unicodeScalars.split(omittingEmptySubsequences: false) { $0 == "/" || $0 == "\\" }.last ?? []
        let kept = String(String.UnicodeScalarView(base.filter(isAllowed)))
        let trimmed = kept.trimmed
        guard trimmed.contains(where: { $0 != "." }) else { return fallback }
        return shortened(trimmed)
    }

    private static func isAllowed(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "<", ">", ":", "\"", "|", "?", "*": false
        case "\u{2018}"..."\u{201F}": false
        case "\u{202A}"..."\u{202E}", "\u{2066}"..."\u{2069}": false
        default: scalar.properties.generalCategory != .control
        }
    }

    private static func shortened(_ name: String) -> String {
        guard name.utf8.count > maximumBytes else { return name }
        guard let dot = name.lastIndex(of: "."), name[dot...].utf8.count <= maximumExtensionBytes else {
            return prefix(of: name[...], bytes: maximumBytes)
        }
        return prefix(of: name[..<dot], bytes: maximumBytes - name[dot...].utf8.count) + name[dot...]
    }

    /// As many whole characters as fit. A character may have any number of combining marks, so that one which does not
    /// fit by itself is cut between its scalars.
    private static func prefix(of text: Substring, bytes limit: Int) -> String {
        var length = 0
        let end = text.indices.first { index in
            length += text[index].utf8.count
            return length > limit
        }
        let whole = text[..<(end ?? text.endIndex)]
        guard whole.isEmpty else { return String(whole) }
        length = 0
        return String(
            String.UnicodeScalarView(
                text.unicodeScalars.prefix { scalar in
                    length += UTF8.width(scalar)
                    return length <= limit
                }))
    }
}
