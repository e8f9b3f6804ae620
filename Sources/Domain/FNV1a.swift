/// The hash FNV-1a of 64 bits (draft-eastlake-fnv), to notice changes where nobody gains from a collision. Unlike Swift's own
/// hashes it is the same in every process, so it can be stored.
///
/// Not generic: other modules would run an unspecialised loop, byte by byte through witness tables.
package struct FNV1a: Sendable {
    package private(set) var value: UInt64 = 0xcbf2_9ce4_8422_2325

    package init() {}

    package init(_ bytes: [UInt8]) { bytes.withUnsafeBytes { add($0) } }

    package init(_ text: String) { add(text) }

    package mutating func add(_ byte: UInt8) { value = (value ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }

    package mutating func add(_ bytes: UnsafeRawBufferPointer) { for byte in bytes { add(byte) } }

    package mutating func add(_ text: String) {
        var text = text
        text.withUTF8 { add(UnsafeRawBufferPointer($0)) }
    }

    /// The value in lower-case hexadecimal, without leading zeros.
    package var hexadecimal: String { String(value, radix: 16) }
}
