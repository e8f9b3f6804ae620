import Domain
import Testing

@testable import DocumentParsers

/// Pictures in each form that cameras, scanners and programs give them; see `script/fixtures/picture_fixtures.py`.
@Suite struct PictureTests {
    private static let notice = "Harbour notice\nThe ferry leaves at 17:40.\nBring a lamp."

    @Test(arguments: [
        "one-bit.png", "gray.png", "palette.png", "sixteen-bit.png", "transparent.png", "transparent-gray.png",
        "white-on-black.png", "color.jpg", "progressive.jpg", "cmyk.jpg", "lossy.webp", "lossless.webp", "cmyk.tiff",
        "big.tiff", "palette.gif", "frames.gif", "one-bit.bmp",
    ])
    func `the words of a picture are read whatever its form`(name: String) throws {
        let document = try Fixture.read("pictures/\(name)")
        #expect(document.text == Self.notice)
        #expect(document.divisions == nil)
    }

    @Test(arguments: [
        "orientation-2.jpg", "orientation-3.jpg", "orientation-4.jpg", "orientation-5.jpg", "orientation-6.jpg",
        "orientation-7.jpg", "orientation-8.jpg", "orientation-6.tiff",
    ])
    func `a picture is turned as the camera was`(name: String) throws {
        #expect(try Fixture.read("pictures/\(name)").text == Self.notice)
    }

    @Test(arguments: ["pages-fax.tiff", "pages-lzw.tif"])
    func `pages of a picture are pages`(name: String) throws {
        let document = try Fixture.read("pictures/\(name)")
        let pages = document.pages.map { $0.split(separator: "\n").joined(separator: "\n") }
        #expect(pages == [Self.notice, "Second page\nThe pier is closed in March.", "Third page\nAsk the keeper."])
        #expect(document.divisions?.unit == .page)
    }

    @Test func `a picture is known by its content`() throws {
        #expect(try Fixture.read("pictures/color.jpg", as: "photo.png").text == Self.notice)
        #expect(try Fixture.read("pictures/gray.png", as: "photo").text == Self.notice)
    }

    @Test func `a picture without words is empty`() async throws {
        // A white BMP of 64 × 64 dots.
        let header: [UInt8] =
            Array("BM".utf8) + Self.number(54 + 64 * 64 * 3) + [0, 0, 0, 0] + Self.number(54) + Self.number(40)
            + Self.number(64) + Self.number(64) + [1, 0, 24, 0] + [UInt8](repeating: 0, count: 24)
        await #expect(throws: ParseError.empty) {
            try await Fixture.read(header + [UInt8](repeating: 255, count: 64 * 64 * 3), as: "a.bmp")
        }
    }

    private static func number(_ value: Int) -> [UInt8] { (0..<4).map { UInt8(value >> (8 * $0) & 0xFF) } }

    @Test(arguments: ["gray.png", "color.jpg", "lossy.webp", "pages-fax.tiff", "palette.gif", "one-bit.bmp"])
    func `a picture that is cut short is damaged or read as far as it goes`(name: String) async throws {
        let bytes = try FileBytes(path: Fixture.path("pictures/\(name)")).all(limit: 1 << 20)
        for count in [12, 20, 40, bytes.count / 2] {
            do {
                _ = try await Fixture.read(Array(bytes.prefix(count)), as: name)
            } catch let error as ParseError {
                let isExpected =
                    switch error {
                    case .corrupt, .empty, .unsupported: true
                    default: false
                    }
                #expect(isExpected, "\(name) of \(count) bytes: \(error)")
            }
        }
    }
}
