/// A small picture in shades of gray, as `pdftoppm -gray` writes it (PGM, `P5`).
struct GrayPicture: Equatable {
    let width: Int
    let height: Int
    /// Row by row; 255 is white.
    let pixels: ArraySlice<UInt8>

    /// Differences of shade below this are none: paper that was scanned is never quite even.
    private static let leastContrast = 24

    /// The pictures that stand one behind the other in `bytes`, up to the first that is damaged.
    static func sequence(_ bytes: ArraySlice<UInt8>) -> [GrayPicture] {
        var pictures: [GrayPicture] = []
        var rest = bytes
        while let picture = first(of: &rest) { pictures.append(picture) }
        return pictures
    }

    private static func first(of bytes: inout ArraySlice<UInt8>) -> GrayPicture? {
        guard bytes.starts(with: "P5".utf8) else { return nil }
        var numbers: [Int] = []
        var index = bytes.startIndex + 2
        while numbers.count < 3 {
            while index < bytes.endIndex, bytes[index] <= 0x20 { index += 1 }
            var number = 0
            let start = index
            while index < bytes.endIndex, (0x30...0x39).contains(bytes[index]), number < 100_000 {
                number = number * 10 + Int(bytes[index] - 0x30)
                index += 1
            }
            guard index > start else { return nil }
            numbers.append(number)
        }
        // One white space character ends the header.
        let body = index + 1
        let count = numbers[0] * numbers[1]
        guard numbers[2] == 255, count > 0, body + count <= bytes.endIndex else { return nil }
        defer { bytes = bytes[(body + count)...] }
        return GrayPicture(width: numbers[0], height: numbers[1], pixels: bytes[body..<body + count])
    }

    var isBlank: Bool {
        guard let darkest = pixels.min(), let brightest = pixels.max() else { return true }
        return Int(brightest) - Int(darkest) < Self.leastContrast
    }

    /// The share of a grid of 8 by 8 fields in which there is something.
    var coverage: Double {
        let side = 8
        guard let brightest = pixels.max() else { return 0 }
        var filled = Array(repeating: false, count: side * side)
        for (place, shade) in zip(0..., pixels) where Int(brightest) - Int(shade) >= Self.leastContrast {
            let (row, column) = (place / width * side / height, place % width * side / width)
            filled[row * side + column] = true
        }
        return Double(filled.count { $0 }) / Double(filled.count)
    }
}
