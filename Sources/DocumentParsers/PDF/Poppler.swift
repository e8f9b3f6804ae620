import Domain
import Glibc

/// The tools of Debian's package `poppler-utils`, run on one file.
///
/// They and not the library: a fault in one ends a process of its own, and their output is a stream that need not be held.
struct Poppler {
    let input: Tool.Input
    let limits: ParseLimits

    struct Information: Equatable {
        var title: String?
        var author: String?
        var subject: String?
        /// ISO 8601, as `-isodates` writes it.
        var created: String?
        var pages = 0
    }

    /// Also the check that the file can be opened at all.
    func information() throws(ParseError) -> Information {
        let (result, output) = try run("pdfinfo", ["-isodates", "-enc", "UTF-8"], outputLimit: 4 << 20)
        guard result.status == .exited(0) else { throw failure(result) }
        return Self.parse(String(decoding: output, as: UTF8.self))
    }

    /// Gives `receive` each page as words with their places, in order.
    /// - Parameter pages: how many there are, to which its time is in proportion.
    /// - Returns: whether it complained of damage, which may have cost a page its words.
    func read(pages: Int, receive: (PlacedPage) throws(ParseError) -> Void) throws(ParseError) -> Bool {
        var reader = PlacedWordReader()
        var failure: ParseError?
        let tool = Self.tool("pdftotext")
        let seconds = limits.processorSeconds(forPages: pages)
        let result = try tool.run(
            ["-tsv", "-enc", "UTF-8", input.argument(forBytes: "-"), "-"], input: input, limits: limits,
            processorSeconds: seconds
        ) { piece in
            do throws(ParseError) {
                try reader.read(piece, receive: receive)
                return true
            } catch {
                failure = error
                return false
            }
        }
        if let failure { throw failure }
        guard result.status == .exited(0) else { throw self.failure(result, seconds: seconds) }
        try reader.finish(receive: receive)
        return result.message.contains("Syntax Error")
    }

    /// The document's own table of contents. None where it cannot be read.
    func outline() throws(ParseError) -> [OutlineEntry] {
        let (result, output) = try run(
            "pdftohtml", ["-xml", "-i", "-q", "-stdout", "-f", "1", "-l", "1"], outputLimit: 16 << 20)
        return result.status == .exited(0) ? PDFOutline.entries(in: output) : []
    }

    /// Small pictures of pages, to tell what is on them.
    func previews(of pages: ClosedRange<Int>) throws(ParseError) -> [GrayPicture] {
        let (result, output) = try run(
            "pdftoppm", ["-gray", "-scale-to", "160"] + Self.range(pages),
            processorSeconds: limits.processorSeconds(forPages: 25 * pages.count), outputLimit: pages.count * 64 << 10)
        return result.status == .exited(0) ? GrayPicture.sequence(output[...]) : []
    }

    /// The share of each page that its largest picture takes, by their numbers; pages without pictures are left out, and all where
    /// they cannot be listed.
    func pictureShares(of pages: [PlacedPage]) throws(ParseError) -> [Int: Double] {
        guard let first = pages.first?.number, let last = pages.last?.number else { return [:] }
        let (result, output) = try run(
            "pdfimages", ["-list"] + Self.range(first...last),
            processorSeconds: limits.processorSeconds(forPages: pages.count), outputLimit: 4 << 20)
        guard result.status == .exited(0) else { return [:] }
        let sizes = Dictionary(pages.map { ($0.number, Double($0.width * $0.height)) }) { size, _ in size }
        var shares: [Int: Double] = [:]
        for picture in Self.pictures(String(decoding: output, as: UTF8.self)) {
            guard let size = sizes[picture.page], size > 0 else { continue }
            shares[picture.page] = max(shares[picture.page] ?? 0, picture.area / size)
        }
        return shares
    }

    /// Lines of columns: page, number, type, width and height in pixels, colours, components, bits, encoding, interpolation, two for the
    /// object, and the resolutions by which the size follows; in square points.
    static func pictures(_ listing: String) -> [(page: Int, area: Double)] {
        listing.split(separator: "\n").compactMap { line in
            let fields = line.split(separator: " ")
            guard fields.count >= 14, let page = Int(fields[0]), let width = Double(fields[3]),
                let height = Double(fields[4]),
                let horizontal = Double(fields[12]), let vertical = Double(fields[13]), horizontal > 0, vertical > 0
            else { return nil }
            return (page, width / horizontal * 72 * height / vertical * 72)
        }
    }

    /// A page as a picture in the format PGM.
    func picture(of page: Int, dotsPerInch: Int) throws(ParseError) -> [UInt8] {
        let (result, output) = try run(
            "pdftoppm", ["-gray", "-r", String(dotsPerInch)] + Self.range(page...page),
            processorSeconds: limits.maximumToolSeconds, outputLimit: limits.maximumPixels + 1024)
        guard result.status == .exited(0) else { throw failure(result) }
        return output
    }

    private static func range(_ pages: ClosedRange<Int>) -> [String] {
        ["-f", String(pages.lowerBound), "-l", String(pages.upperBound)]
    }

    private static func tool(_ name: String) -> Tool { Tool(name: name, package: "poppler-utils") }

    private func run(
        _ name: String, _ options: [String], processorSeconds: Int? = nil, outputLimit: Int
    ) throws(ParseError) -> (result: ChildProcess.Result, output: [UInt8]) {
        try Self.tool(name).run(
            options + [input.argument(forBytes: "-")], input: input, limits: limits,
            processorSeconds: processorSeconds, outputLimit: outputLimit)
    }

    /// What the messages of poppler mean. It prints them in English whatever the locale.
    private func failure(_ result: ChildProcess.Result, seconds: Int? = nil) -> ParseError {
        if result.status == .signaled(SIGXCPU) {
            return .processorTimeSpent(seconds ?? limits.maximumProcessorSeconds)
        }
        if result.message.contains("Incorrect password") || result.message.contains("Unsupported security handler") {
            return .encrypted
        }
        if result.message.contains("Out of memory") || result.message.contains("bad_alloc") {
            return .tooLarge("reading it takes more memory than is allowed")
        }
        return .corrupt("it is damaged or not a PDF file")
    }

    /// What libraries write where nobody has said anything.
    private static let placeholders: Set<String> = [
        "untitled", "anonymous", "unspecified", "(anonymous)", "(unspecified)", "untitled document",
    ]

    /// Lines of `Name:` padded to 16 columns. The first of a name counts; further lines of a value are left out.
    static func parse(_ listing: String) -> Information {
        var information = Information()
        for line in listing.split(separator: "\n") where line.count > 16 {
            let name = line.prefix(16).trimmed
            let value = line.dropFirst(16).trimmed
            guard !value.isEmpty, !placeholders.contains(value.lowercased()) else { continue }
            switch name {
            case "Title:": information.title = information.title ?? value
            case "Author:": information.author = information.author ?? value
            case "Subject:": information.subject = information.subject ?? value
            case "CreationDate:": information.created = information.created ?? value
            // Where the number does not fit, there are more than anybody reads.
            case "Pages:": information.pages = Int(value) ?? .max
            default: break
            }
        }
        return information
    }
}

extension ParseLimits {
    /// Seconds that a tool may take for so many pages: 20 ms each, which is ten times what usual ones take.
    func processorSeconds(forPages pages: Int) -> Int {
        min(maximumToolSeconds, max(maximumProcessorSeconds, 5 + pages / 50))
    }
}
