/// Little-endian numbers in bytes; what lies outside is 0, so that damaged files are read without a check at each step.
struct ByteReader {
    private let bytes: ArraySlice<UInt8>

    init(_ bytes: [UInt8]) { self.bytes = bytes[...] }
    init(_ bytes: ArraySlice<UInt8>) { self.bytes = bytes }

    var count: Int { bytes.count }

    func uint8(_ offset: Int) -> UInt8 {
        offset >= 0 && offset < bytes.count ? bytes[bytes.startIndex + offset] : 0
    }

    func uint16(_ offset: Int) -> UInt16 { UInt16(uint8(offset)) | UInt16(uint8(offset + 1)) << 8 }
    func uint32(_ offset: Int) -> UInt32 { UInt32(uint16(offset)) | UInt32(uint16(offset + 2)) << 16 }
    func double(_ offset: Int) -> Double {
        Double(bitPattern: UInt64(uint32(offset)) | UInt64(uint32(offset + 4)) << 32)
    }

    /// As much of the range as there is.
    func slice(_ offset: Int, _ length: Int) -> ArraySlice<UInt8> {
        guard offset >= 0, length > 0, offset < bytes.count else { return [] }
        let start = bytes.startIndex + offset
        return bytes[start..<min(start + length, bytes.endIndex)]
    }

    /// UTF-16 from `offset` on.
    func utf16(_ offset: Int, count: Int) -> String {
        let units = (0..<max(0, min(count, (bytes.count - offset) / 2))).map { uint16(offset + 2 * $0) }
        return String(decoding: units, as: UTF16.self)
    }
}
