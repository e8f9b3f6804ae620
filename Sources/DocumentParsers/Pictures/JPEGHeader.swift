import Domain

/// What the segments of a JPEG file say before its image data (ITU T.81, B.2; Exif 2.32, 4.5.4 and 4.6.4).
struct JPEGHeader: Equatable {
    var size: PictureHeader.Size
    /// Gray, RGB or CMYK: 1, 3 or 4.
    var components: Int
    /// How the picture has to be turned to stand upright, 1...8 as Exif counts them; 1 is as it is.
    var orientation = 1
    /// Adobe's programs write the four colours of print inverted.
    var isOfAdobe = false

    /// - Throws: `.corrupt` where no frame begins before the image data.
    init(_ input: ParserInput) throws(ParseError) {
        size = PictureHeader.Size(width: 0, height: 0)
        components = 0
        var offset = 2
        // Each has two bytes of length at least; no picture has so many.
        for _ in 0..<10_000 {
            let marker = try Self.part(of: input, offset, 4)
            guard marker[0] == 0xFF else { throw PictureHeader.damaged }
            let length = marker.number(2, 2, bigEndian: true)
            switch marker[1] {
            // A fill byte.
            case 0xFF:
                offset += 1
                continue
            case 0xC0...0xCF where ![0xC4, 0xC8, 0xCC].contains(marker[1]):
                let frame = try Self.part(of: input, offset + 5, 5)
                size = PictureHeader.Size(
                    width: frame.number(2, 2, bigEndian: true), height: frame.number(0, 2, bigEndian: true))
                components = Int(frame[4])
                return
            // The image data, or the end, without a frame before.
            case 0xDA, 0xD9: throw PictureHeader.damaged
            case 0xE1:
                orientation =
                    try Self.orientation(in: input.bytes(at: offset + 4, count: max(0, length - 2))) ?? orientation
            case 0xEE: isOfAdobe = try input.bytes(at: offset + 4, count: 5) == Array("Adobe".utf8)
            default: break
            }
            guard length >= 2 else { throw PictureHeader.damaged }
            offset += 2 + length
        }
        throw PictureHeader.damaged
    }

    /// What the tag 0112 of the first directory says.
    private static func orientation(in segment: [UInt8]) -> Int? {
        let mark = Array("Exif\0\0".utf8)
        guard segment.starts(with: mark) else { return nil }
        let tiff = Array(segment.dropFirst(mark.count))
        guard tiff.count >= 8 else { return nil }
        let isBigEndian = tiff[0] == UInt8(ascii: "M")
        let start = tiff.number(4, 4, bigEndian: isBigEndian)
        guard start <= tiff.count - 2 else { return nil }
        let count = min(tiff.number(start, 2, bigEndian: isBigEndian), (tiff.count - start - 2) / 12)
        for entry in 0..<count {
            let place = start + 2 + 12 * entry
            guard tiff.number(place, 2, bigEndian: isBigEndian) == 0x0112 else { continue }
            let value = tiff.number(place + 8, 2, bigEndian: isBigEndian)
            return 1...8 ~= value ? value : nil
        }
        return nil
    }

    private static func part(of input: ParserInput, _ offset: Int, _ count: Int) throws(ParseError) -> [UInt8] {
        let bytes = try input.bytes(at: offset, count: count)
        guard bytes.count == count else { throw PictureHeader.damaged }
        return bytes
    }
}
