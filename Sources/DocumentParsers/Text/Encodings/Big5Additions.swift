/// The characters of the WHATWG Encoding Standard's Big5 that the C library's Big5 with HKSCS lacks: those of ETEN, and those
/// that HKSCS-2004 had and later editions moved.
enum Big5Additions {
    /// The character that `bytes` begin with, and that it takes two of them.
    static func character(_ bytes: ArraySlice<UInt8>) -> (text: String, count: Int)? {
        guard let first = bytes.first, let second = bytes.dropFirst().first else { return nil }
        return table[UInt16(first) << 8 | UInt16(second)].map { (String($0), 2) }
    }

    /// Made with `index-big5.txt` of the standard: the two bytes, and what they stand for.
    private static let table: [UInt16: Character] = {
        var table: [UInt16: Character] = [:]
        for entry in entries.split(separator: " ") {
            if let bytes = UInt16(entry.prefix(4), radix: 16), let character = entry.last { table[bytes] = character }
        }
        return table
    }()

    private static let entries = """
        8e69箸 8e6f簆 8e7e糎 8eab緒 8eb4縝 8ecd者 8ed0耨 8f57菁 8f69蒨 8f6e萏 8fcb覦 8fcc覩 8ffe起 906d都 907a銹 90dc靜 90f1響 91bf鼖 \
        9244蔃 92af兙 92b0兛 92b1兝 92b2兞 92c8鍮 92d1瑹 9447浧 94ca禛 95d9邗 9644靝 96ed瀞 96fc嬨 9b76爁 9b78矗 9b7b纇 9bc6駖 9bde釔 \
        9bec惞 9bf6澶 9c42輶 9c53侻 9c62營 9c68鄄 9c6b鷰 9c77菏 9cbc尐 9cbd秣 9cd0婧 9d57輋 9d5a筑 9dc4拐 9ea9恢 9eef痹 9efd汊 9f60鬮 \
        9f66鼗 9fcb僭 9fd8弌 a063蠏 a077拎 a0d5瑨 a0df煢 a0e4牐 a15a╴ a1c3￣ a1c5ˍ a1fe／ a240＼ a2cc十 a2ce卅 a3c0␀ a3c1␁ a3c2␂ \
        a3c3␃ a3c4␄ a3c5␅ a3c6␆ a3c7␇ a3c8␈ a3c9␉ a3ca␊ a3cb␋ a3cc␌ a3cd␍ a3ce␎ a3cf␏ a3d0␐ a3d1␑ a3d2␒ a3d3␓ a3d4␔ \
        a3d5␕ a3d6␖ a3d7␗ a3d8␘ a3d9␙ a3da␚ a3db␛ a3dc␜ a3dd␝ a3de␞ a3df␟ a3e0␡ a3e1€ c6cf廴 c6d3无 c6d5癶 c6d7隶 c6de〃 \
        c6df仝 fa5f倩 fa66偽 fabd包 fac5卄 fad5卿 fb48嘅 fbb8婷 fbf3幵 fbf9廐 fc4f彘 fc6c悤 fcb9撐 fce2晴 fcf1杞 fdb7沜 fdb8渝 fdbb港 \
        fdf1煮 fe52猪 fe6f瑜 feaa瓩 fedd砉
        """
}
