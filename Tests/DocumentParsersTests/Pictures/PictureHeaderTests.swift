import Domain
import Testing

@testable import DocumentParsers

/// The sizes of pictures are known before anything makes room for them.
@Suite struct PictureHeaderTests {
    private func input(_ bytes: [UInt8]) throws -> ParserInput {
        ParserInput(
            bytes, fileName: "a",
            within: try ParserInput(path: Fixture.path("pages.pdf"), fileName: "a", limits: ParseLimits()))
    }

    private func sizes(_ bytes: [UInt8]) throws -> [PictureHeader.Size] {
        let kind = try #require(PictureKind(bytes[...]))
        return try PictureHeader(input: input(bytes), kind: kind).sizes()
    }

    private func sizes(of name: String) throws -> [PictureHeader.Size] {
        try sizes(FileBytes(path: Fixture.path("pictures/\(name)")).all(limit: 1 << 20))
    }

    @Test(arguments: [
        "gray.png", "color.jpg", "progressive.jpg", "cmyk.jpg", "lossy.webp", "lossless.webp", "transparent.webp",
        "big.tiff",
        "cmyk.tiff", "palette.gif", "one-bit.bmp",
    ])
    func `the size is in the header`(name: String) throws {
        #expect(try sizes(of: name) == [PictureHeader.Size(width: 520, height: 180)])
    }

    @Test func `each page of a TIFF file has a size`() throws {
        #expect(try sizes(of: "pages-fax.tiff").count == 3)
        #expect(try sizes(of: "orientation-6.tiff") == [PictureHeader.Size(width: 180, height: 520)])
    }

    @Test func `a JPEG file says how it has to be turned`() throws {
        for orientation in 2...8 {
            let bytes = try FileBytes(path: Fixture.path("pictures/orientation-\(orientation).jpg")).all(limit: 1 << 20)
            #expect(try JPEGHeader(input(bytes)).orientation == orientation)
        }
        let plain = try JPEGHeader(
            input(FileBytes(path: Fixture.path("pictures/cmyk.jpg")).all(limit: 1 << 20)))
        #expect(plain.orientation == 1 && plain.components == 4 && plain.isOfAdobe)
    }

    private static func bigEndian(_ value: Int, _ count: Int = 4) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * (count - 1 - $0))) }
    }

    private static func png(_ width: Int, _ height: Int) -> [UInt8] {
        let parts: [[UInt8]] = [
            [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A], bigEndian(13), Array("IHDR".utf8), bigEndian(width),
            bigEndian(height), [8, 0, 0, 0, 0, 0, 0, 0, 0],
        ]
        return parts.flatMap { $0 }
    }

    private static func tiff(_ width: Int, _ height: Int, next: Int = 0) -> [UInt8] {
        let entry = { (tag: Int, value: Int) in bigEndian(tag, 2) + bigEndian(4, 2) + bigEndian(1) + bigEndian(value) }
        let parts = [
            Array("MM".utf8), bigEndian(42, 2), bigEndian(8), bigEndian(2, 2), entry(256, width), entry(257, height),
            bigEndian(next),
        ]
        return parts.flatMap { $0 }
    }

    private static let tooLarge: [(name: String, bytes: [UInt8])] = [
        ("a.png", png(50_000, 50_000)), ("a.png", png(0x7FFF_FFFF, 0x7FFF_FFFF)), ("a.png", png(1, 40_000)),
        ("a.tif", tiff(50_000, 50_000)), ("a.tif", tiff(0xFFFF_FFFF, 0xFFFF_FFFF)),
        ("a.jpg", [0xFF, 0xD8, 0xFF, 0xC0, 0, 11, 8, 0xFF, 0xFF, 0xFF, 0xFF, 1, 1, 0x11, 0]),
        ("a.gif", Array("GIF89a".utf8) + [0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 0]),
        ("a.webp", Array("RIFF    WEBPVP8X".utf8) + [10, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF]),
        (
            "a.bmp",
            Array("BM".utf8) + [UInt8](repeating: 0, count: 12) + [40, 0, 0, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0]
        ),
    ]

    @Test(arguments: tooLarge.indices)
    func `what is too large to be decoded is refused by its header`(number: Int) async {
        await #expect {
            try await Fixture.read(Self.tooLarge[number].bytes, as: Self.tooLarge[number].name)
        } throws: { error in
            guard case .tooLarge(let reason)? = error as? ParseError else { return false }
            return reason.contains("pixels")
        }
    }

    private static let damaged: [(name: String, bytes: [UInt8])] = [
        ("a.png", png(0, 10)), ("a.png", Array(png(10, 10).prefix(20))), ("a.tif", tiff(10, 10, next: 8)),
        ("a.tif", tiff(10, 10, next: 99)), ("a.tif", tiff(10, 0)),
        ("a.tif", [0x49, 0x49, 0x2B, 0, 8, 0, 0, 0] + [UInt8](repeating: 0xFF, count: 8)),
        ("a.tif", [0x49, 0x49, 0x2B, 0, 8, 0, 0, 0] + [UInt8](repeating: 0xFF, count: 7) + [0x7F]),
        ("a.jpg", [0xFF, 0xD8, 0xFF, 0xDA, 0, 2]), ("a.jpg", [0xFF, 0xD8, 0xFF, 0xE0, 0, 0, 0, 0]),
    ]

    @Test(arguments: damaged.indices)
    func `a damaged header is called damaged`(number: Int) async {
        await #expect(throws: ParseError.corrupt("it is damaged or not a picture")) {
            try await Fixture.read(Self.damaged[number].bytes, as: Self.damaged[number].name)
        }
    }
}
