/// The control characters U+0080 to U+009F, which stand in pages for the characters that Windows has at these places.
enum WindowsControls {
    /// The UTF-8 of what each stands for.
    private static let meanings: [[UInt8]] = (0x80...0x9F).map { (code: UInt8) in
        Array((LegacyEncoding.windows1252.decode([code]) ?? "").utf8)
    }

    /// - Returns: `nil` where there are none.
    static func replaced(in bytes: some Collection<UInt8>) -> [UInt8]? {
        guard holds(bytes) else { return nil }
        var text: [UInt8] = []
        text.reserveCapacity(bytes.count)
        for byte in bytes {
            if text.last == 0xC2, 0x80...0x9F ~= byte {
                text.removeLast()
                text += meanings[Int(byte) - 0x80]
            } else {
                text.append(byte)
            }
        }
        return text
    }

    private static func holds(_ bytes: some Collection<UInt8>) -> Bool {
        var previous: UInt8 = 0
        for byte in bytes {
            if previous == 0xC2, 0x80...0x9F ~= byte { return true }
            previous = byte
        }
        return false
    }
}
