extension UnsafeBufferPointer<UInt8> {
    /// The code point at `index`, which is moved behind it. The bytes must be valid UTF-8, as those of a `String` are.
    @inline(__always)
    func codePoint(at index: inout Int) -> UInt32 {
        let first = UInt32(self[index])
        let length = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4
        var code = length == 1 ? first : first & (0x7F >> UInt32(length))
        for offset in 1..<4 where offset < length { code = code << 6 | UInt32(self[index + offset] & 0x3F) }
        index += length
        return code
    }
}

extension UTF8 {
    /// Calls `body` with the bytes of a code point, which is not a surrogate.
    @inline(__always)
    static func forEachByte(of code: UInt32, _ body: (UInt8) -> Void) {
        if code < 0x80 {
            body(UInt8(code))
        } else if code < 0x800 {
            body(UInt8(0xC0 | code >> 6))
            body(UInt8(0x80 | code & 0x3F))
        } else if code < 0x10000 {
            body(UInt8(0xE0 | code >> 12))
            body(UInt8(0x80 | code >> 6 & 0x3F))
            body(UInt8(0x80 | code & 0x3F))
        } else {
            body(UInt8(0xF0 | code >> 18))
            body(UInt8(0x80 | code >> 12 & 0x3F))
            body(UInt8(0x80 | code >> 6 & 0x3F))
            body(UInt8(0x80 | code & 0x3F))
        }
    }
}

extension [UInt8] {
    /// Appends a code point, which is not a surrogate.
    mutating func appendUTF8(_ code: UInt32) { UTF8.forEachByte(of: code) { append($0) } }
}
