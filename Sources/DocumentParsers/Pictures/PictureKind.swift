/// The kinds of pictures that tesseract reads, by what their files begin with.
package enum PictureKind: Sendable, Equatable, CaseIterable {
    case png, jpeg, webp, tiff, gif, bmp

    init?(_ sample: ArraySlice<UInt8>) {
        guard let kind = Self.allCases.first(where: { $0.begins(sample) }) else { return nil }
        self = kind
    }

    private func begins(_ sample: ArraySlice<UInt8>) -> Bool {
        let bytes = Array(sample.prefix(30))
        switch self {
        case .png: return bytes.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A])
        case .jpeg: return bytes.starts(with: [0xFF, 0xD8, 0xFF])
        case .webp: return bytes.starts(with: "RIFF".utf8) && bytes.dropFirst(8).starts(with: "WEBP".utf8)
        case .tiff:
            // 2B is BigTIFF, for files beyond 4 GiB, which some programs write always.
            return [[0x49, 0x49, 0x2A, 0], [0x4D, 0x4D, 0, 0x2A], [0x49, 0x49, 0x2B, 0], [0x4D, 0x4D, 0, 0x2B]]
                .contains { bytes.starts(with: $0) }
        case .gif: return bytes.starts(with: "GIF87a".utf8) || bytes.starts(with: "GIF89a".utf8)
        case .bmp:
            // Two letters are little: the reserved fields are 0, and a header of a known size follows.
            guard bytes.count == 30, bytes.starts(with: "BM".utf8) else { return false }
            let sizes: Set<UInt8> = [12, 40, 52, 56, 64, 108, 124]
            return bytes[6..<10].allSatisfy { $0 == 0 } && sizes.contains(bytes[14])
                && bytes[15..<18].allSatisfy { $0 == 0 }
        }
    }
}
