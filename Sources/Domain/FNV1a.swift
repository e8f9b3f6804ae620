/// The hash FNV-1a of 64 bits (draft-eastlake-fnv), to notice changes where nobody gains from a collision. Unlike Swift's own
/// hashes it is the same in every process, so it can be stored.
package struct FNV1a: Sendable {
    package private(set) var value: UInt64 = 0xcbf2_9ce4_8422_2325

    package init() {}

    package init(_ bytes: some Sequence<UInt8>) { add(bytes) }

    package mutating func add(_ bytes: some Sequence<UInt8>) {
        for byte in bytes { value = (value ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
    }

    /// The value in lower-case hexadecimal, without leading zeros.
    package var hexadecimal: String { String(value, radix: 16) }
}
