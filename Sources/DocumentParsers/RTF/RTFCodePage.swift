/// Decodes the bytes of RTF text, whose encoding changes with the font.
struct RTFDecoder {
    /// Windows' and Macintosh's numbers of character encodings.
    typealias CodePage = Int

    static let western: CodePage = 1252
    /// A font of pictures, whose bytes are no characters.
    static let symbols: CodePage = 42

    /// The UTF-8 of each byte, for encodings of one byte a character.
    private var tables: [CodePage: [[UInt8]]] = [:]

    /// What a font's `\fcharset` means; nil for the encoding of the document.
    static func codePage(characterSet: Int) -> CodePage? {
        switch characterSet {
        case 0: 1252
        case 2: symbols
        case 77: 10000
        case 78, 128: 932
        case 79, 129: 949
        case 130: 1361
        case 80, 134: 936
        case 81, 136: 950
        case 83, 161: 1253
        case 86, 162: 1254
        case 163: 1258
        case 84, 177: 1255
        case 85, 178: 1256
        case 186: 1257
        case 89, 204: 1251
        case 87, 222: 874
        case 88, 238: 1250
        case 254: 437
        case 255: 850
        default: nil
        }
    }

    /// Whether `byte` begins a character of two bytes.
    static func isLead(_ byte: UInt8, in page: CodePage) -> Bool {
        switch page {
        case 932, 10001: 0x81...0x9F ~= byte || 0xE0...0xFC ~= byte
        case 936, 949, 950, 1361, 10002, 10003, 10008: 0x81...0xFE ~= byte
        default: false
        }
    }

    private static func isMultiByte(_ page: CodePage) -> Bool { page == 65001 || isLead(0x90, in: page) }

    /// The UTF-8 of these bytes, of which none is ASCII but for second ones.
    mutating func decode(_ bytes: [UInt8], page: CodePage) -> [UInt8] {
        if Self.isMultiByte(page) { return Array(Self.text(bytes, page: page).utf8) }
        let table = tables[page] ?? (0...255).map { Array(Self.text([UInt8($0)], page: page).utf8) }
        tables[page] = table
        return bytes.flatMap { table[Int($0)] }
    }

    private static func text(_ bytes: [UInt8], page: CodePage) -> String {
        LegacyEncoding.other(name(page)).decode(bytes) ?? LegacyEncoding.other(name(western)).decode(bytes) ?? ""
    }

    /// What the C library calls it.
    private static func name(_ page: CodePage) -> String {
        switch page {
        case 936: "GB18030"
        case 1361: "JOHAB"
        case 10000: "MACINTOSH"
        case 10001: "CP932"
        case 10002: "CP950"
        case 10003: "CP949"
        case 10007: "MAC-CYRILLIC"
        case 10008: "GB18030"
        case 65001: "UTF-8"
        default: "CP\(page)"
        }
    }

    /// The UTF-8 of bytes in a font of pictures. Of one that is not known only the bullets of lists mean something, and what
    /// else is there leaves a mark.
    static func symbols(_ bytes: [UInt8], in font: SymbolFont?) -> [UInt8] {
        var text = String.UnicodeScalarView()
        for byte in bytes {
            switch byte {
            case 0xB7 where font == nil, 0xA7 where font == nil: text.append("\u{2022}")
            case 0...0x20: text.append(" ")
            default: text.append(font?.meaning(of: UInt32(byte)) ?? SymbolFont.replacement)
            }
        }
        return Array(String(text).utf8)
    }
}
