import Domain

/// The pages of a PDF: their text, and what is read from the pictures on pages that have next to none.
struct PDFPages {
    /// In order, all of them.
    private(set) var texts: [PageText] = []
    private(set) var warnings: [String] = []
    private let poppler: Poppler
    private let input: ParserInput
    private var limits: ParseLimits { input.limits }
    /// Pages of a few words, which may be a stamp on the picture of a page.
    private var sparse: [PlacedPage] = []
    private let isDamaged: Bool

    /// So many words may be a stamp: the number that archives give to a page, or who downloaded it.
    private static let maximumStampWords = 25
    /// A picture that takes this share of a page may be the page.
    private static let leastCoverage = 0.5
    /// Pages whose previews are made at once.
    private static let previewPages = 200

    /// - Parameter input: is told of pages that have been read; those that may be pictures are not among them yet.
    init(_ poppler: Poppler, count: Int, of input: ParserInput) throws(ParseError) {
        self.poppler = poppler
        self.input = input
        let limits = input.limits
        var bytes = 0
        var texts: [PageText] = []
        var sparse: [PlacedPage] = []
        isDamaged = try poppler.read(pages: count) { page throws(ParseError) in
            let text = PageComposer.text(of: page)
            bytes += text.lines.reduce(0) { $0 + $1.text.utf8.count + 1 }
            guard bytes <= limits.maximumTextBytes else { throw FileBytes.tooMuchText(limits) }
            texts.append(text)
            if page.lines.reduce(0, { $0 + $1.words.count }) <= Self.maximumStampWords { sparse.append(page) }
            input.report(texts.count - sparse.count, of: count)
        }
        self.texts = texts
        self.sparse = sparse
    }

    private var isWithoutText: Bool { texts.allSatisfy(\.lines.isEmpty) }

    /// Reads the pages that are pictures; says in `warnings` which ones are left out.
    /// - Throws: `.toolMissing` where there is nothing but pictures, and nothing to read them with.
    mutating func recognizePictures() throws(ParseError) {
        let (pictures, unseen) = try pagesOfPictures()
        if !unseen.isEmpty { warnings.append("\(Self.names(of: unseen)) not read.") }
        let (input, total, others) = (input, texts.count, texts.count - pictures.count)
        input.report(others, of: total)
        guard !pictures.isEmpty else { return }
        guard Tesseract.tool.isInstalled else {
            if isWithoutText { throw Tesseract.tool.missing }
            warnings.append(
                "\(Self.names(of: pictures.map(\.number))) not read: tesseract (Debian package tesseract-ocr) is missing."
            )
            return
        }
        let tesseract = try Tesseract(limits: limits)
        let poppler = poppler
        let recognizer = PageRecognizer(limits: limits) { input.report(others + $0, of: total) }
        let outcome = recognizer.recognize(pictures.count) { index throws(ParseError) in
            let page = pictures[index]
            let resolution = Self.resolution(for: page)
            let picture = try poppler.picture(of: page.number, dotsPerInch: resolution)
            return try tesseract.page(.bytes(picture), number: 1, dotsPerInch: resolution)
        }
        if let error = outcome.error, isWithoutText, outcome.pages.isEmpty { throw error }
        for (index, recognized) in outcome.pages {
            let page = pictures[index]
            guard let place = texts.firstIndex(where: { $0.number == page.number }) else { continue }
            texts[place] = PageComposer.text(of: page.merged(with: recognized), knowsSizes: false)
        }
        if !outcome.omitted.isEmpty {
            warnings.append("\(Self.names(of: outcome.omitted.map { pictures[$0].number })) not read.")
        }
    }

    /// Says which pages may have lost their text, where the file is damaged.
    mutating func noteDamage() {
        let blank = texts.filter(\.lines.isEmpty).map(\.number)
        guard isDamaged, !blank.isEmpty else { return }
        warnings.append("\(Self.names(of: blank)) found without text, and the file is damaged.")
    }

    /// - Returns: the pages that are pictures, and the numbers of those beyond the limit that may be such.
    private func pagesOfPictures() throws(ParseError) -> (pictures: [PlacedPage], unseen: [Int]) {
        var pictures: [PlacedPage] = []
        var start = 0
        while start < sparse.count, pictures.count < limits.maximumRecognizedPages {
            // Pages that follow one another are looked at together.
            var end = start + 1
            while end < sparse.count, end - start < Self.previewPages, sparse[end].number == sparse[end - 1].number + 1
            {
                end += 1
            }
            let pages = sparse[start..<end]
            if let first = pages.first, let last = pages.last {
                let previews = try poppler.previews(of: first.number...last.number)
                let stamped = pages.filter { !$0.lines.isEmpty }
                let shares = try poppler.pictureShares(of: stamped)
                pictures += zip(pages, previews).filter { page, preview in
                    guard !preview.isBlank else { return false }
                    return page.lines.isEmpty || max(preview.coverage, shares[page.number] ?? 0) >= Self.leastCoverage
                }.map(\.0)
            }
            start = end
        }
        return (pictures, sparse[start...].filter(\.lines.isEmpty).map(\.number))
    }

    /// 300 dots per inch are what tesseract reads best; pages larger than a newspaper's get fewer.
    private static func resolution(for page: PlacedPage) -> Int {
        let (width, height) = (max(1, page.width) / 72, max(1, page.height) / 72)
        let fitting = min((30_000_000 / (width * height)).squareRoot(), 30_000 / max(width, height))
        return max(1, Int(min(300, fitting)))
    }

    /// `Page 3 was`, `Pages 3–7, 9 were`; long lists are cut.
    static func names(of numbers: [Int]) -> String {
        var ranges: [ClosedRange<Int>] = []
        for number in numbers.sorted() {
            if let last = ranges.last, last.upperBound + 1 == number {
                ranges[ranges.count - 1] = last.lowerBound...number
            } else {
                ranges.append(number...number)
            }
        }
        let named = ranges.prefix(20).map { $0.count == 1 ? "\($0.lowerBound)" : "\($0.lowerBound)–\($0.upperBound)" }
        let list = named.joined(separator: ", ") + (ranges.count > 20 ? " and others" : "")
        return numbers.count == 1 ? "Page \(list) was" : "Pages \(list) were"
    }
}

extension PlacedPage {
    /// The words of the page and those that its picture shows besides: the page's own are certain.
    func merged(with recognized: PlacedPage) -> PlacedPage {
        let own = lines.flatMap { $0.words.map(\.box) }
        var page = recognized
        page.number = number
        page.lines = recognized.lines.compactMap { line in
            let words = line.words.filter { word in
                !own.contains { $0.contains(word.box.middle.x, word.box.middle.y) }
            }
            guard words.count < line.words.count else { return line }
            var rest = PlacedLine(block: line.block)
            for word in words { rest.append(word) }
            return words.isEmpty ? nil : rest
        }
        let top = page.lines.map(\.box.top).min() ?? .infinity
        page.lines = lines.filter { $0.box.top < top } + page.lines + lines.filter { $0.box.top >= top }
        return page
    }
}
