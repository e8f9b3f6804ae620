import Glibc
import Synchronization

/// A conversion to UTF-8 by the C library, which has a table for nearly every encoding there ever was.
final class Converter {
    private let descriptor: iconv_t
    /// Encodings that were used once. A descriptor of each is never closed: the C library unloads an encoding's module with
    /// the last one, and to load it again for each message of a mailbox takes longer than to convert the message.
    private static let used = Mutex<Set<String>>([])
    /// Documents name them, in as many spellings as they like.
    private static let mostUsed = 128

    /// - Returns: nil where the C library does not know the encoding.
    init?(_ encoding: String) {
        guard let descriptor = iconv_open("UTF-8", encoding), Int(bitPattern: descriptor) != -1 else { return nil }
        self.descriptor = descriptor
        let isNew = Self.used.withLock { $0.count < Self.mostUsed && $0.insert(encoding).inserted }
        if isNew { iconv_open("UTF-8", encoding) }
    }

    deinit { iconv_close(descriptor) }

    /// - Parameter otherwise: what the bytes stand for, and how many of them, where the C library's table has nothing; a
    ///   byte that means nothing becomes U+FFFD.
    func decode(
        _ bytes: [UInt8], otherwise: (ArraySlice<UInt8>) -> (text: String, count: Int)? = { _ in nil }
    ) -> String {
        iconv(descriptor, nil, nil, nil, nil)
        var input = bytes
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count * 2)
        var piece = [UInt8](repeating: 0, count: min(bytes.count * 4 + 16, 64 << 10))
        input.withUnsafeMutableBytes { source in
            var next = source.bindMemory(to: CChar.self).baseAddress
            var left = source.count
            while left > 0 {
                let (outcome, produced) = step(&next, &left, into: &piece)
                result += piece.prefix(produced)
                if outcome == E2BIG || outcome == 0 { continue }
                // Not a character of this encoding, or the text ends within one.
                let (text, count) = otherwise(bytes[(bytes.count - left)...]) ?? ("\u{FFFD}", 1)
                result += text.utf8
                next = next.map { $0 + count }
                left -= count
            }
        }
        // Some converters keep the last character until they know whether a mark follows.
        var none: UnsafeMutablePointer<CChar>?
        var nothing = 0
        let last = step(&none, &nothing, into: &piece).produced
        result += piece.prefix(last)
        return String(decoding: result, as: UTF8.self)
    }

    /// One call of `iconv`: its error number, or 0, and how many bytes it wrote.
    private func step(
        _ next: inout UnsafeMutablePointer<CChar>?, _ left: inout Int, into piece: inout [UInt8]
    ) -> (outcome: Int32, produced: Int) {
        piece.withUnsafeMutableBytes { target in
            var output = target.bindMemory(to: CChar.self).baseAddress
            var room = target.count
            let converted =
                next == nil
                ? iconv(descriptor, nil, nil, &output, &room) : iconv(descriptor, &next, &left, &output, &room)
            return (converted == -1 ? errno : 0, target.count - room)
        }
    }
}
