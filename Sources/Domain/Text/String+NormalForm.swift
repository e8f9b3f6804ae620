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
        var text = self
        return text.withUTF8 { bytes in
            let options = utf8proc_option_t(rawValue: UTF8PROC_STABLE.rawValue | UTF8PROC_COMPOSE.rawValue)
            var result: UnsafeMutablePointer<utf8proc_uint8_t>?
            let count = utf8proc_map(bytes.baseAddress, bytes.count, &result, options)
            defer { free(result) }
            guard count >= 0, let result else { return String(decoding: bytes, as: UTF8.self) }
            return String(decoding: UnsafeBufferPointer(start: result, count: count), as: UTF8.self)
        }
    }
}
