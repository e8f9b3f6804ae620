import Domain

/// The header field that gives a download its name (RFC 6266).
enum ContentDisposition {
    /// - Parameters:
    ///   - name: as people write it, in any alphabet; what file systems take amiss is removed.
    ///   - plainName: for clients that know ASCII alone; anything but letters, digits, `.`, `_` and `-` is dropped.
    static func attachment(named name: String, plainName: String) -> String {
        let safe = ClientFileName.sanitized(name.replacing("/", with: "-").replacing("\\", with: "-"))
        let plain = plainName.filter { $0.isASCII && ($0.isLetter || $0.isNumber || "._-".contains($0)) }
        return "attachment; filename=\"\(plain)\"; filename*=UTF-8''\(safe.extendedHeaderValue)"
    }
}
