/// Names for addresses and for stored documents, made from what people typed.
///
/// Results equal those of the npm package `slugify` 1.6.6 where clients could notice: letters with accents and of other
/// alphabets become ASCII, some symbols become words, `-` and white space become `-`, and what is left over vanishes.
package enum Slug {
    /// Bytes of the longest workspace or thread slug; leaves room in 120 for a suffix that tells equal names apart.
    package static let maximumLength = 100
    /// Nothing after this many scalars of a name is looked at.
    private static let maximumInput = 65_536

    /// `Sales Q&A v1.5` becomes `sales-qanda-v1-dot-5`; `nil` where nothing of the name is left.
    ///
    /// Only `[a-z0-9_-]`, unlike the wire's older servers, which let typographic signs through as punctuation.
    package static func workspace(_ name: String) -> String? { address(name)?.lowercased() }

    /// As `workspace`, but upper case stays: `My Thread.A` becomes `My-Thread-dot-A`.
    package static func thread(_ name: String) -> String? { address(name) }

    /// The slug inside a stored document's name: `R&D 50%.md` becomes `RandD-50percent.md`. May be empty, is not
    /// limited in length, and may hold the characters `$*_+~.()'"!:@`.
    package static func storedName(_ name: String) -> String {
        slug(name) { $0 == "/" ? " " : nil }
    }

    /// The slug of a raw text's title: what follows the last dot is dropped, and all is lower case. May be empty.
    package static func rawTextTitle(_ title: String) -> String {
        guard let lastDot = title.lastIndex(of: ".") else { return storedName(title).lowercased() }
        let stem = title[..<lastDot].map { $0 == "." ? "-" : $0 }
        return storedName(String(stem)).lowercased()
    }

    /// The slug of a message's subject, without its first dot. May be empty.
    package static func subject(_ subject: String) -> String {
        guard let dot = subject.firstIndex(of: ".") else { return storedName(subject) }
        return storedName(String(subject[..<dot] + subject[subject.index(after: dot)...]))
    }

    private static func address(_ name: String) -> String? {
        let allowed = slug(name, addressWord).unicodeScalars.filter { isWordCharacter($0) || $0 == "-" }
        let words = String(String.UnicodeScalarView(allowed)).split(separator: "-").joined(separator: "-")
        guard words.utf8.count > maximumLength else { return words.isEmpty ? nil : words }
        // The slug is ASCII, so a prefix of it can at most end with a dash.
        let cut = words.prefix(maximumLength)
        return String(cut.last == "-" ? cut.dropLast() : cut)
    }

    /// What addresses write differently from stored names.
    private static func addressWord(_ character: Character) -> String? {
        switch character {
        case "+": " plus "
        case "!": " bang "
        case "@": " at "
        case "*": " splat "
        case ".": " dot "
        case ":", "~", "(", ")", "'", "\"", "|": ""
        default: nil
        }
    }

    private static func slug(_ text: String, _ special: (Character) -> String?) -> String {
        var slug = ""
        var isBetweenWords = false
        func append(_ value: String) {
            for scalar in value.unicodeScalars {
                if scalar == "-" || scalar == "\u{FEFF}" || scalar.properties.isWhitespace {
                    isBetweenWords = !slug.isEmpty
                } else if isAllowed(scalar) {
                    if isBetweenWords { slug.append("-") }
                    isBetweenWords = false
                    slug.unicodeScalars.append(scalar)
                }
            }
        }
        func replacement(_ character: Character) -> String? {
            special(character) ?? SlugTable.replacements[character]
        }
        for character in String(text.unicodeScalars.prefix(maximumInput)) {
            if let value = replacement(character) {
                append(value)
            } else {
                // A letter with marks that have no composed form: its parts, of which the marks vanish.
                for scalar in character.unicodeScalars { append(replacement(Character(scalar)) ?? String(scalar)) }
            }
        }
        return slug
    }

    private static func isWordCharacter(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "a"..."z", "A"..."Z", "0"..."9", "_": true
        default: false
        }
    }

    private static func isAllowed(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "$", "*", "+", "~", ".", "(", ")", "'", "\"", "!", ":", "@": true
        default: isWordCharacter(scalar)
        }
    }
}
