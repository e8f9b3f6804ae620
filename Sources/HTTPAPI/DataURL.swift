import Domain
import Foundation

/// A `data:` URL (RFC 2397): bytes inside an address, in base64 or percent-encoded.
struct DataURL {
    /// In lower case, without parameters; `text/plain` where none is named.
    let mediaType: String
    let bytes: [UInt8]

    private static let scheme = "data:"

    static func isOne(_ text: String) -> Bool { text.prefix(scheme.count).lowercased() == scheme }

    /// `nil` for what is no such address, and where the bytes are not encoded as it says.
    ///
    /// Text comes out as UTF-8, whatever the address's `charset` is; one that nobody here knows changes nothing.
    init?(_ text: String) {
        guard Self.isOne(text), let comma = text.utf8.firstIndex(of: UInt8(ascii: ",")) else { return nil }
        let head = text.utf8[text.utf8.index(text.startIndex, offsetBy: Self.scheme.utf8.count)..<comma]
        var parameters = (String(head) ?? "").split(separator: ";", omittingEmptySubsequences: false).map {
            $0.trimmed.lowercased()
        }
        let named = parameters.removeFirst()
        mediaType = named.isEmpty ? "text/plain" : named
        let data = text[text.utf8.index(after: comma)...]
        guard let bytes = parameters.last == "base64" ? Self.base64(data) : data.percentDecodedBytes else { return nil }
        let charset = parameters.lazy.compactMap { $0.split(separator: "=", maxSplits: 1) }
            .first { $0.count == 2 && $0[0] == "charset" }?.last
        self.bytes = mediaType.hasPrefix("text/") ? Self.asUTF8(bytes, charset: charset) : bytes
    }

    /// Also where the base64 is percent-encoded, as its signs are not all allowed in every address.
    private static func base64(_ data: Substring) -> [UInt8]? {
        guard data.utf8.contains(UInt8(ascii: "%")) else { return [UInt8](base64: data.utf8) }
        return data.percentDecodedBytes.flatMap { [UInt8](base64: $0) }
    }

    private static let encodings: [Substring: String.Encoding] = [
        "iso-8859-1": .windowsCP1252, "latin1": .windowsCP1252, "windows-1252": .windowsCP1252,
        "iso-8859-2": .isoLatin2, "windows-1250": .windowsCP1250, "windows-1251": .windowsCP1251,
        "utf-16": .utf16, "utf-16le": .utf16LittleEndian, "utf-16be": .utf16BigEndian, "shift_jis": .shiftJIS,
        "euc-jp": .japaneseEUC, "iso-2022-jp": .iso2022JP,
    ]

    private static func asUTF8(_ bytes: [UInt8], charset: Substring?) -> [UInt8] {
        guard let charset, let encoding = encodings[Substring(charset.filter { $0 != "\"" })],
            let text = String(bytes: bytes, encoding: encoding)
        else { return bytes }
        return Array(text.utf8)
    }
}

extension [UInt8] {
    /// Base64 (RFC 4648) in either alphabet, with or without padding; white space in it is passed over. `nil` for anything
    /// else.
    init?(base64 text: some Collection<UInt8>) {
        var digits = Data(capacity: text.count + 3)
        for byte in text {
            switch byte {
            case UInt8(ascii: "-"): digits.append(UInt8(ascii: "+"))
            case UInt8(ascii: "_"): digits.append(UInt8(ascii: "/"))
            case UInt8(ascii: " "), 0x09, 0x0A, 0x0D, UInt8(ascii: "="): break
            default: digits.append(byte)
            }
        }
        while digits.count % 4 != 0 { digits.append(UInt8(ascii: "=")) }
        guard let data = Data(base64Encoded: digits) else { return nil }
        self.init(data)
    }
}
