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

extension [UInt8] {
    /// Appends a code point, which is not a surrogate.
    @inline(__always)
    mutating func appendUTF8(_ code: UInt32) {
        if code < 0x80 {
            append(UInt8(code))
        } else if code < 0x800 {
            append(UInt8(0xC0 | code >> 6))
            append(UInt8(0x80 | code & 0x3F))
        } else if code < 0x10000 {
            append(UInt8(0xE0 | code >> 12))
            append(UInt8(0x80 | code >> 6 & 0x3F))
            append(UInt8(0x80 | code & 0x3F))
        } else {
            append(UInt8(0xF0 | code >> 18))
            append(UInt8(0x80 | code >> 12 & 0x3F))
            append(UInt8(0x80 | code >> 6 & 0x3F))
            append(UInt8(0x80 | code & 0x3F))
        }
    }
}
