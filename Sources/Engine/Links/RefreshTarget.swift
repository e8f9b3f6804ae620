import Domain

/// Where a page sends its readers on by `<meta http-equiv="refresh">` (HTML, 4.2.5.3, the shared declarative refresh steps).
enum RefreshTarget {
    /// A page that waits longer is there to be read.
    private static let longestDelay = 10

    /// - Parameters:
    ///   - beginning: of the page; where its head is longer, what is behind does not count.
    ///   - address: of the page, which a relative address starts from.
    static func find(in beginning: [UInt8], at address: LinkAddress) -> LinkAddress? {
        var isWithoutScripts = false
        for tag in MarkupTags(beginning) {
            switch tag.name {
            // What a page says to browsers without scripts is not about where its text is.
            case "noscript": isWithoutScripts = true
            case "/noscript": isWithoutScripts = false
            case "body": return nil
            case "meta" where !isWithoutScripts && tag.attributes["http-equiv"]?.lowercased() == "refresh":
                guard let text = tag.attributes["content"].flatMap(addressText) else { continue }
                let target = address.resolving(text.resolvingReferences)
                return target?.requested == address.requested ? nil : target
            default: break
            }
        }
        return nil
    }

    /// The address in `0; url='next.html'`.
    private static func addressText(_ content: String) -> String? {
        var rest = content.trimmed[...]
        let delay = rest.prefix { $0.isASCII && $0.isNumber }
        guard let seconds = Int(delay), seconds <= longestDelay else { return nil }
        rest = rest.dropFirst(delay.count).drop { $0.isASCII && $0.isNumber || $0 == "." }
        let isSeparator = { (character: Character) in character == ";" || character == "," || character.isWhitespace }
        guard rest.first.map(isSeparator) == true else { return nil }
        rest = rest.drop(while: isSeparator)
        if rest.prefix(3).lowercased() == "url" {
            let behind = rest.dropFirst(3).drop(while: \.isWhitespace)
            if behind.first == "=" { rest = behind.dropFirst().drop(while: \.isWhitespace) }
        }
        guard let quote = rest.first, quote == "'" || quote == "\"" else { return rest.isEmpty ? nil : String(rest) }
        let quoted = rest.dropFirst().prefix { $0 != quote }
        return quoted.isEmpty ? nil : String(quoted)
    }
}
