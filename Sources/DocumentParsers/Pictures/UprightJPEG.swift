import Domain

/// Brings the picture of a camera that was held on its side or upside down upright. Tesseract does not read Exif, and finds out
/// which way is up only where there is much text.
///
/// Poppler does the work: a PDF file holds JPEG data as they are and draws them in any direction.
struct UprightJPEG {
    let header: JPEGHeader
    let limits: ParseLimits

    /// The picture in shades of gray, in the format PGM; `nil` where it stands upright already or cannot be turned.
    func picture(_ input: ParserInput) throws(ParseError) -> [UInt8]? {
        guard header.orientation != 1, let space = colorSpace else { return nil }
        let poppler = Poppler(input: .bytes(page(holding: try input.bytes(), space: space)), limits: limits)
        do throws(ParseError) {
            // One dot of the picture is one point of the page.
            return try poppler.picture(of: 1, dotsPerInch: 72)
        } catch {
            if case .toolMissing = error { return nil }
            throw error
        }
    }

    private var colorSpace: String? {
        switch header.components {
        case 1: "/DeviceGray"
        case 3: "/DeviceRGB"
        case 4: "/DeviceCMYK" + (header.isOfAdobe ? " /Decode [1 0 1 0 1 0 1 0]" : "")
        default: nil
        }
    }

    private var isOnItsSide: Bool { header.orientation > 4 }

    /// Where the picture's lower left corner and its sides come to lie, as the operator `cm` takes them.
    private var matrix: String {
        let (width, height) =
            isOnItsSide ? (header.size.height, header.size.width) : (header.size.width, header.size.height)
        let values =
            switch header.orientation {
            case 2: [-width, 0, 0, height, width, 0]
            case 3: [-width, 0, 0, -height, width, height]
            case 4: [width, 0, 0, -height, 0, height]
            case 5: [0, -height, -width, 0, width, height]
            case 6: [0, -height, width, 0, 0, height]
            case 7: [0, height, width, 0, 0, 0]
            case 8: [0, height, -width, 0, width, 0]
            default: [width, 0, 0, height, 0, 0]
            }
        return values.map(String.init).joined(separator: " ")
    }

    private func page(holding picture: [UInt8], space: String) -> [UInt8] {
        let (width, height) = (header.size.width, header.size.height)
        let paper = isOnItsSide ? "\(height) \(width)" : "\(width) \(height)"
        let drawing = "q \(matrix) cm /P Do Q"
        var file = PDFFile()
        file.add("<</Type /Catalog /Pages 2 0 R>>")
        file.add("<</Type /Pages /Count 1 /Kids [3 0 R]>>")
        file.add(
            "<</Type /Page /Parent 2 0 R /MediaBox [0 0 \(paper)] /Contents 4 0 R /Resources <</XObject <</P 5 0 R>>>>>>"
        )
        file.add("<</Length \(drawing.utf8.count)>>", stream: Array(drawing.utf8))
        file.add(
            "<</Type /XObject /Subtype /Image /Width \(width) /Height \(height) /BitsPerComponent 8 /Filter /DCTDecode"
                + " /ColorSpace \(space) /Length \(picture.count)>>", stream: picture)
        return file.bytes
    }
}

/// Composes a PDF file of few objects, the first of which is the catalog.
private struct PDFFile {
    private var body = Array("%PDF-1.4\n".utf8)
    private var offsets: [Int] = []

    mutating func add(_ object: String, stream: [UInt8]? = nil) {
        offsets.append(body.count)
        body += "\(offsets.count) 0 obj\n\(object)\n".utf8
        if let stream {
            body += "stream\n".utf8
            body += stream
            body += "\nendstream\n".utf8
        }
        body += "endobj\n".utf8
    }

    var bytes: [UInt8] {
        let entries = offsets.map { offset in
            let digits = String(offset)
            return String(repeating: "0", count: max(0, 10 - digits.count)) + digits + " 00000 n \n"
        }
        let count = offsets.count + 1
        return body
            + Array(
                "xref\n0 \(count)\n0000000000 65535 f \n\(entries.joined())trailer\n<</Size \(count) /Root 1 0 R>>\nstartxref\n\(body.count)\n%%EOF\n"
                    .utf8)
    }
}
