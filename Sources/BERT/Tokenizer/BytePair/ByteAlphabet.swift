/// The characters that byte-level vocabularies write bytes as, so that all of them can be seen: those of Latin-1 that can
/// stand for themselves, and the others in their order from U+0100 on (GPT-2, Radford et al. 2019).
enum ByteAlphabet {
    private static let bytes: [UInt32: UInt8] = {
        let plain = [UInt32](0x21...0x7E) + [UInt32](0xA1...0xAC) + [UInt32](0xAE...0xFF)
        var bytes = Dictionary(uniqueKeysWithValues: plain.map { ($0, UInt8($0)) })
        var next: UInt32 = 0x100
        for byte in UInt32(0)...0xFF where bytes[byte] == nil {
            bytes[next] = UInt8(byte)
            next += 1
        }
        return bytes
    }()

    /// The bytes that a token stands for; `nil` for one with other characters, as only added tokens have.
    static func bytes(of token: [UInt8]) -> [UInt8]? {
        token.withUnsafeBufferPointer { text in
            var result: [UInt8] = []
            var index = 0
            while index < text.count {
                guard let byte = bytes[text.codePoint(at: &index)] else { return nil }
                result.append(byte)
            }
            return result
        }
    }
}
