/// The ways in which bytes are written as text for the journey (RFC 2045, chapter 6).
enum TransferEncoding {
    /// - Parameter name: the value of the field, in any case; unknown ones are taken for text that is sent as it is.
    static func decode(_ bytes: ArraySlice<UInt8>, name: String) -> [UInt8] {
        switch name.lowercased() {
        case "base64": base64(bytes)
        case "quoted-printable": quotedPrintable(bytes)
        case "x-uuencode", "uuencode", "x-uue", "uue": uuencoded(bytes)
        default: Array(bytes)
        }
    }

    /// Other characters are passed over, and padding may come in the middle, where pieces were put together.
    static func base64(_ bytes: some Collection<UInt8>) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count / 4 * 3 + 3)
        var bits: UInt32 = 0
        var count = 0
        func finish() {
            if count == 2 { result.append(UInt8(truncatingIfNeeded: bits >> 4)) }
            if count == 3 {
                result.append(UInt8(truncatingIfNeeded: bits >> 10))
                result.append(UInt8(truncatingIfNeeded: bits >> 2))
            }
            (bits, count) = (0, 0)
        }
        for byte in bytes {
            let value: UInt32
            switch byte {
            case 0x41...0x5A: value = UInt32(byte) - 0x41
            case 0x61...0x7A: value = UInt32(byte) - 0x47
            case 0x30...0x39: value = UInt32(byte) + 4
            case UInt8(ascii: "+"), UInt8(ascii: "-"): value = 62
            case UInt8(ascii: "/"), UInt8(ascii: "_"): value = 63
            case UInt8(ascii: "="):
                finish()
                continue
            default: continue
            }
            bits = bits << 6 | value
            count += 1
            if count == 4 {
                result.append(UInt8(truncatingIfNeeded: bits >> 16))
                result.append(UInt8(truncatingIfNeeded: bits >> 8))
                result.append(UInt8(truncatingIfNeeded: bits))
                (bits, count) = (0, 0)
            }
        }
        finish()
        return result
    }

    /// An `=` that begins no code stays; white space at the end of a line was put there on the way.
    static func quotedPrintable(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        var rest = bytes
        while !rest.isEmpty {
            let (line, next) = MailLines.first(of: rest)
            let hasEnd = line.endIndex < next.startIndex
            rest = next
            var body = line
            while let last = body.last, last == 0x20 || last == 0x09 { body.removeLast() }
            let isSoft = body.last == UInt8(ascii: "=")
            if isSoft { body.removeLast() }
            unescape(body, escape: UInt8(ascii: "="), into: &result)
            if !isSoft, hasEnd { result.append(0x0A) }
        }
        return result
    }

    /// The Q encoding of encoded words (RFC 2047, 4.2), where a low line is a space.
    static func headerQuoted(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
        var result: [UInt8] = []
        unescape(
            ArraySlice(bytes.map { $0 == UInt8(ascii: "_") ? 0x20 : $0 }), escape: UInt8(ascii: "="), into: &result)
        return result
    }

    /// Puts the bytes for two hexadecimal digits after `escape`.
    static func unescape(_ bytes: ArraySlice<UInt8>, escape: UInt8, into result: inout [UInt8]) {
        var position = bytes.startIndex
        while position < bytes.endIndex {
            let byte = bytes[position]
            if byte == escape, position + 2 < bytes.endIndex, let high = nibble(bytes[position + 1]),
                let low = nibble(bytes[position + 2])
            {
                result.append(high << 4 | low)
                position += 3
            } else {
                result.append(byte)
                position += 1
            }
        }
    }

    private static func nibble(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x30...0x39: byte - 0x30
        case 0x41...0x46: byte - 0x37
        case 0x61...0x66: byte - 0x57
        default: nil
        }
    }

    /// POSIX `uuencode`: a line `begin`, then lines whose first character says how many bytes they hold.
    private static func uuencoded(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
        var result: [UInt8] = []
        var rest = bytes
        var isInside = false
        while !rest.isEmpty {
            let (line, next) = MailLines.first(of: rest)
            rest = next
            guard isInside else {
                isInside = line.starts(with: "begin ".utf8)
                continue
            }
            guard let first = line.first, first > 0x20, first < 0x60 else { break }
            let length = Int(first - 0x20)
            var decoded: [UInt8] = []
            var bits: UInt32 = 0
            for (index, byte) in line.dropFirst().enumerated() {
                bits = bits << 6 | UInt32((byte &- 0x20) & 0x3F)
                guard index % 4 == 3 else { continue }
                decoded += [16, 8, 0].map { UInt8(truncatingIfNeeded: bits >> $0) }
                bits = 0
            }
            result += decoded.prefix(length)
        }
        return result
    }
}
