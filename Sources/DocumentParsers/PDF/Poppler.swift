import Domain
import Glibc

/// The tools of Debian's package `poppler-utils`, run on one file.
struct Poppler {
    let path: String
    let limits: ParseLimits

    struct Information: Equatable {
        var title: String?
        var author: String?
        var subject: String?
        /// ISO 8601, as `-isodates` writes it.
        var created: String?
    }

    /// Also the check that the file can be opened at all.
    func information() throws(ParseError) -> Information {
        let result = try run("pdfinfo", ["-isodates", "-enc", "UTF-8"], outputLimit: 4 << 20)
        guard result.status == .exited(0) else { throw failure(result) }
        return Self.parse(String(decoding: result.output, as: UTF8.self))
    }

    /// UTF-8, each page ended by a form feed.
    func text() throws(ParseError) -> [UInt8] {
        let result = try run(
            "pdftotext", ["-enc", "UTF-8", "-eol", "unix"], after: ["-"], outputLimit: limits.maximumTextBytes)
        guard result.status == .exited(0) else { throw failure(result) }
        return result.output
    }

    /// True where one of the first pages shows an image: a document without text is then a scan, not blank.
    func holdsPictures() throws(ParseError) -> Bool {
        let result = try run("pdfimages", ["-list", "-l", "20"], outputLimit: 4 << 20)
        // Two lines of headings come first.
        return result.status == .exited(0) && result.output.split(separator: 0x0A).count > 2
    }

    private func run(
        _ tool: String, _ options: [String], after: [String] = [], outputLimit: Int
    ) throws(ParseError) -> ChildProcess.Result {
        do {
            // Paths are made by the server and are absolute, so none can be taken for an option.
            let process = try ChildProcess([tool] + options + [path] + after, leadsSession: false)
            return try process.run(seconds: limits.maximumSeconds, outputLimit: outputLimit)
        } catch {
            throw switch error {
            case .missing: .toolMissing("\(tool) (Debian package poppler-utils)")
            case .cannotStart(let code): .unavailable("\(tool) cannot be started (error \(code))")
            case .timedOut: .tooLarge("reading it takes longer than \(limits.maximumSeconds) seconds")
            case .outputTooLong: .tooLarge("it has more than \(outputLimit >> 20) MiB of text")
            }
        }
    }

    /// What the messages of poppler mean. It prints them in English whatever the locale.
    private func failure(_ result: ChildProcess.Result) -> ParseError {
        if result.status == .signaled(SIGXCPU) { return .processorTimeSpent(limits) }
        if result.message.contains("Incorrect password") || result.message.contains("Unsupported security handler") {
            return .encrypted
        }
        if result.message.contains("Out of memory") || result.message.contains("bad_alloc") {
            return .tooLarge("reading it takes more memory than is allowed")
        }
        return .corrupt("it is damaged or not a PDF file")
    }

    /// Lines of `Name:` padded to 16 columns. The first of a name counts; further lines of a value are left out.
    static func parse(_ listing: String) -> Information {
        var information = Information()
        for line in listing.split(separator: "\n") where line.count > 16 {
            let name = line.prefix(16).trimmed
            let value = line.dropFirst(16).trimmed
            guard !value.isEmpty else { continue }
            switch name {
            case "Title:": information.title = information.title ?? value
            case "Author:": information.author = information.author ?? value
            case "Subject:": information.subject = information.subject ?? value
            case "CreationDate:": information.created = information.created ?? value
            default: break
            }
        }
        return information
    }
}
