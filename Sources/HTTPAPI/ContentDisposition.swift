/// The header field that gives a download its name (RFC 6266).
enum ContentDisposition {
    /// - Parameters:
    ///   - name: as people write it, in any alphabet; what file systems take amiss is removed.
    ///   - plainName: for clients that know ASCII alone; anything but letters, digits, `.`, `_` and `-` is dropped.
    static func attachment(named name: String, plainName: String) -> String {
        let safe = ClientFileName.sanitized(name.replacing("/", with: "-").replacing("\\", with: "-"))
        let plain = plainName.filter { $0.isASCII && ($0.isLetter || $0.isNumber || "._-".contains($0)) }
        return "attachment; filename=\"\(plain)\"; filename*=UTF-8''\(encoded(safe))"
    }

    /// `value-chars` of RFC 8187, section 3.2.1.
    private static func encoded(_ text: String) -> String {
        var result = ""
        for byte in text.utf8 {
            let scalar = Unicode.Scalar(byte)
            switch scalar {
            case "a"..."z", "A"..."Z", "0"..."9", "!", "#", "$", "&", "+", "-", ".", "^", "_", "`", "|", "~":
                result.unicodeScalars.append(scalar)
            default:
                result += byte < 16 ? "%0" : "%"
                result += String(byte, radix: 16, uppercase: true)
            }
        }
        return result
    }
}
