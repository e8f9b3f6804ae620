/// A font whose characters are pictures or letters of another alphabet, under the codes of ordinary ones.
struct SymbolFont {
    private let characters: [Unicode.Scalar]

    private static let fonts: [String: SymbolFont] = [
        "symbol": SymbolFont(SymbolFontTables.symbol), "wingdings": SymbolFont(SymbolFontTables.wingdings),
        "wingdings 2": SymbolFont(SymbolFontTables.wingdings2),
        "wingdings 3": SymbolFont(SymbolFontTables.wingdings3), "webdings": SymbolFont(SymbolFontTables.webdings),
    ]

    private init(_ rows: [String]) { characters = rows.flatMap(\.unicodeScalars) }

    /// - Returns: nil for a font that is none of these.
    static func named(_ name: String) -> SymbolFont? { fonts[name.lowercased()] }

    /// What a character of the font stands for. Documents write its code as it is, or moved to the private characters from
    /// U+F000.
    /// - Returns: U+FFFD where nothing is known, nil for a character that is no code of the font.
    func meaning(of code: UInt32) -> Unicode.Scalar? {
        let offset = 0xF000...0xF0FF ~= code ? code - 0xF000 : code
        guard 0x20...0xFF ~= offset else { return nil }
        let index = Int(offset) - 0x20
        return characters.indices.contains(index) ? characters[index] : Self.replacement
    }

    static let replacement: Unicode.Scalar = "\u{FFFD}"

    /// The character of this code in a font, for elements that name both. One of the private characters means nothing in a
    /// font that is not known; any other is itself.
    static func character(_ code: UInt32, in font: String) -> Unicode.Scalar {
        if let meaning = named(font)?.meaning(of: code) { return meaning }
        guard let scalar = Unicode.Scalar(code), scalar.properties.generalCategory != .privateUse else {
            return replacement
        }
        return scalar.value >= 0x20 ? scalar : replacement
    }

    /// Text that is set in this font.
    func text(_ text: String) -> String {
        var read = String.UnicodeScalarView()
        for scalar in text.unicodeScalars { read.append(meaning(of: scalar.value) ?? scalar) }
        return String(read)
    }
}
