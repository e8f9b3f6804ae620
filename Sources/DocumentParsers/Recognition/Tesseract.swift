import Domain
import Glibc

/// Character recognition by tesseract.
struct Tesseract: Sendable {
    static let tool = Tool(name: "tesseract", package: "tesseract-ocr")

    /// A line that it is less sure of than this on average, of 100, is mostly the grain of a photo.
    private static let leastConfidence: Float = 45
    private static let defaultLanguage = "eng"
    static let unreadable = "its picture could not be read"

    private let limits: ParseLimits
    private let languages: [String]

    /// - Throws: `.toolMissing` without the program, or without the data of any language.
    init(limits: ParseLimits) throws(ParseError) {
        self.limits = limits
        let (_, output) = try Self.tool.run(
            ["--list-langs"], input: .bytes([]), limits: limits, outputLimit: 1 << 20)
        let installed = Set(
            output.split(separator: 0x0A).dropFirst().map { String(decoding: $0, as: UTF8.self) })
        languages = Self.languages(limits.recognitionLanguages, installed: installed)
        if languages.isEmpty { throw .toolMissing("tesseract's data for English (Debian package tesseract-ocr-eng)") }
    }

    /// Those wanted that are installed; English where none is.
    static func languages(_ wanted: [String], installed: Set<String>) -> [String] {
        let known = wanted.filter { installed.contains($0) }
        if !known.isEmpty { return known }
        return installed.contains(defaultLanguage) ? [defaultLanguage] : []
    }

    /// The words of one page of a picture, which may be turned.
    /// - Parameters:
    ///   - number: counted from 1; further ones only TIFF has.
    ///   - dotsPerInch: where the picture does not tell; `nil` to have it guessed.
    func page(_ input: Tool.Input, number: Int, dotsPerInch: Int?) throws(ParseError) -> PlacedPage {
        var arguments = [input.argument(forBytes: "stdin"), "stdout", "-l", languages.joined(separator: "+")]
        // Finds columns, and which way is up.
        arguments += ["--psm", "1", "-c", "tessedit_create_tsv=1", "-c", "tessedit_page_number=\(number - 1)"]
        if let dotsPerInch { arguments += ["--dpi", String(dotsPerInch)] }
        let (result, output) = try Self.tool.run(
            arguments, input: input, limits: limits, processorSeconds: limits.maximumToolSeconds,
            outputLimit: limits.maximumTextBytes)
        switch result.status {
        case .exited(0): break
        case .signaled(SIGXCPU): throw .processorTimeSpent(limits.maximumToolSeconds)
        default: throw .corrupt(Self.unreadable)
        }
        var reader = PlacedWordReader()
        reader.scale = 72 / Float(dotsPerInch ?? 72)
        var page = PlacedPage(number: number, width: 0, height: 0)
        let take = { (read: PlacedPage) throws(ParseError) in
            page.lines += read.lines.filter { $0.meanConfidence >= Self.leastConfidence }
        }
        try reader.read(output[...], receive: take)
        try reader.finish(receive: take)
        page.lines = Self.holdsWords(page.lines) ? page.lines : []
        return page
    }

    /// Single signs here and there are no text.
    private static func holdsWords(_ lines: [PlacedLine]) -> Bool {
        lines.contains { line in
            line.words.contains { word in
                let letters = word.text.filter { $0.isLetter || $0.isNumber }
                return letters.count > 1 || (letters.first?.isCased == false && letters.first?.isLetter == true)
            }
        }
    }
}

extension PlacedLine {
    /// Of its letters.
    fileprivate var meanConfidence: Float {
        let letters = words.reduce(Float(0)) { $0 + Float($1.text.utf8.count) }
        return words.reduce(0) { $0 + $1.confidence * Float($1.text.utf8.count) } / max(1, letters)
    }
}
