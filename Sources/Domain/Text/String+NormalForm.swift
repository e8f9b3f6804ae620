import CUtf8proc

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

extension String {
    /// In the composed normal form of Unicode (NFC), in which names are stored and compared byte by byte.
    package var composed: String {
        guard utf8.contains(where: { $0 >= 0x80 }) else { return self }
        return mapped(by: [UTF8PROC_STABLE, UTF8PROC_COMPOSE])
    }

    /// The same for all names that look alike: in the compatibility form (NFKC), without what is invisible, and with one
    /// blank for any white space. Letters of different alphabets stay different.
    package var lookalikeKey: String {
        let isPlain = utf8.allSatisfy { $0 < 0x80 }
        let form =
            isPlain ? self : mapped(by: [UTF8PROC_STABLE, UTF8PROC_COMPOSE, UTF8PROC_COMPAT, UTF8PROC_IGNORE])
        return form.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }

    /// For comparisons whatever the case, as the Unicode Standard has them (NFKC_Casefold, section 3.13).
    package var caseFolded: String {
        mapped(by: [
            UTF8PROC_STABLE, UTF8PROC_COMPOSE, UTF8PROC_COMPAT, UTF8PROC_CASEFOLD, UTF8PROC_IGNORE,
        ])
    }

    private func mapped(by options: [utf8proc_option_t]) -> String {
        var text = self
        return text.withUTF8 { bytes in
            let options = utf8proc_option_t(rawValue: options.reduce(0) { $0 | $1.rawValue })
            var result: UnsafeMutablePointer<utf8proc_uint8_t>?
            let count = utf8proc_map(bytes.baseAddress, bytes.count, &result, options)
            defer { free(result) }
            guard count >= 0, let result else { return String(decoding: bytes, as: UTF8.self) }
            return String(decoding: UnsafeBufferPointer(start: result, count: count), as: UTF8.self)
        }
    }
}
