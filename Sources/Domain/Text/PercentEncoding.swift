extension StringProtocol {
    /// What percent-encoding stands for; `nil` where that is not UTF-8, or two hexadecimal digits do not follow a sign.
    ///
    /// Foundation's leaves a byte order mark at the beginning out, so that two names would become one.
    package var percentDecoded: String? { percentDecodedBytes.flatMap { String(validating: $0, as: UTF8.self) } }

    /// The same, whatever the bytes are.
    package var percentDecodedBytes: [UInt8]? {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(utf8.count)
        var rest = Array(utf8)[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            guard let high = rest.popFirst()?.hexadecimalValue, let low = rest.popFirst()?.hexadecimalValue else {
                return nil
            }
            bytes.append(high << 4 | low)
        }
        return bytes
    }
}

extension String {
    /// As one part of a path has it: everything but the unreserved characters of RFC 3986, section 2.3, is encoded.
    package var percentEncoded: String {
        var result = ""
        for byte in utf8 {
            let scalar = Unicode.Scalar(byte)
            switch scalar {
            case "a"..."z", "A"..."Z", "0"..."9", "-", ".", "_", "~": result.unicodeScalars.append(scalar)
            default:
                result += byte < 16 ? "%0" : "%"
                result += String(byte, radix: 16, uppercase: true)
            }
        }
        return result
    }

    /// As a header field's extended parameter has it: `value-chars` of RFC 8187, section 3.2.1, in UTF-8.
    package var extendedHeaderValue: String { percentEncoded { "!#$&+-.^_`|~".unicodeScalars.contains($0) } }

    /// As a segment of a URL's path, or a value in its query: all but what RFC 3986 calls unreserved is encoded.
    package var pathSegment: String { percentEncoded { "-._~".unicodeScalars.contains($0) } }

    /// - Parameter isKept: which bytes stay as they are besides letters and digits.
    private func percentEncoded(_ isKept: (Unicode.Scalar) -> Bool) -> String {
        var result = ""
        for byte in utf8 {
            let scalar = Unicode.Scalar(byte)
            switch scalar {
            case "a"..."z", "A"..."Z", "0"..."9": result.unicodeScalars.append(scalar)
            case _ where isKept(scalar): result.unicodeScalars.append(scalar)
            default:
                result += byte < 16 ? "%0" : "%"
                result += String(byte, radix: 16, uppercase: true)
            }
        }
        return result
    }
}
