import Domain
import FoundationEssentials

/// The captions of a video in the forms that YouTube sends: JSON (`json3`) with words, XML with lines (`<text start dur>`, in
/// seconds) or with paragraphs (`<p t d>`, in milliseconds).
struct YouTubeCaptions {
    /// Without segments where the bytes are none of these.
    let transcript: Transcript

    init(_ bytes: [UInt8]) {
        let isJSON = bytes.first { !" \t\r\n".utf8.contains($0) } == UInt8(ascii: "{")
        transcript = Self.transcript(of: isJSON ? Self.json(bytes) : Self.xml(bytes))
    }

    /// What is shown at once.
    private struct Line {
        var text: String
        /// Seconds, like `end`.
        var start: Double
        var end: Double
    }

    /// Seconds that a word takes at most: of the last one of a line only its beginning is known.
    private static let longestWord = 1.0

    private static func transcript(of lines: [Line]) -> Transcript {
        let lines = lines.compactMap { line -> Line? in
            var line = line
            line.text = plain(line.text)
            return line.text.isEmpty || !line.start.isFinite ? nil : line
        }
        // Lines stay on the screen while the next one is spoken already.
        let nextStarts = lines.dropFirst().map(\.start) + [.infinity]
        return Transcript(
            segments: zip(lines, nextStarts).map { line, next in
                .init(text: line.text, from: line.start, to: max(line.start, min(line.end, next)))
            })
    }

    // MARK: JSON

    private struct Events: Decodable {
        struct Event: Decodable {
            let tStartMs: Double?
            let dDurationMs: Double?
            let segs: [Piece]?
        }

        struct Piece: Decodable {
            let utf8: String?
            let tOffsetMs: Double?
        }

        let events: [Event]
    }

    private static func json(_ bytes: [UInt8]) -> [Line] {
        guard let content = try? JSONDecoder().decode(Events.self, from: Data(bytes)) else { return [] }
        return content.events.compactMap { event in
            // Events without pieces set up the window.
            guard let pieces = event.segs, let start = event.tStartMs else { return nil }
            let offsets = pieces.filter { !($0.utf8 ?? "").trimmed.isEmpty }.compactMap(\.tOffsetMs)
            return line(
                pieces.compactMap(\.utf8).joined(), start: start / 1000, duration: (event.dDurationMs ?? 0) / 1000,
                lastOffset: offsets.max().map { $0 / 1000 })
        }
    }

    /// - Parameter lastOffset: when the last word begins, counted from `start`; `nil` where nobody knows.
    private static func line(_ text: String, start: Double, duration: Double, lastOffset: Double?) -> Line {
        let end = start + duration
        guard let lastOffset else { return Line(text: text, start: start, end: end) }
        return Line(text: text, start: start, end: min(end, start + lastOffset + longestWord))
    }

    // MARK: XML

    private static func xml(_ bytes: [UInt8]) -> [Line] {
        var lines: [Line] = []
        var current: (text: String, start: Double, duration: Double, lastOffset: Double?)?
        func finish() {
            guard let done = current else { return }
            lines.append(
                line(done.text, start: done.start, duration: done.duration, lastOffset: done.lastOffset))
            current = nil
        }
        for tag in MarkupTags(bytes) {
            let number = { (name: String) in tag.attributes[name].flatMap { Double($0) } }
            switch tag.name {
            case "text":
                finish()
                // What is HTML within the XML is written with references of its own.
                current = number("start").map {
                    (tag.text.resolvingReferences.resolvingReferences, $0, number("dur") ?? 0, nil)
                }
            case "p":
                finish()
                current = number("t").map {
                    (tag.text.resolvingReferences, $0 / 1000, (number("d") ?? 0) / 1000, nil)
                }
            case "/text", "/p": finish()
            default:
                if tag.name == "s", !tag.text.trimmed.isEmpty { current?.lastOffset = (number("t") ?? 0) / 1000 }
                current?.text += (tag.name == "br" ? " " : "") + tag.text.resolvingReferences
            }
        }
        finish()
        return lines
    }

    // MARK: Text

    private static let styles: Set<String> = ["b", "c", "font", "i", "ruby", "rp", "rt", "s", "span", "u", "v"]
    /// Characters of a mark of style.
    private static let longestStyle = 256

    /// On one line, without marks of style and invisible characters.
    private static func plain(_ text: String) -> String {
        withoutStyle(text).filter { $0 != "\u{200B}" && $0 != "\u{FEFF}" }
            .split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }

    private static func withoutStyle(_ text: String) -> String {
        var kept = ""
        var rest = text[...]
        while let start = rest.firstIndex(of: "<") {
            kept += rest[..<start]
            rest = rest[start...]
            let name = rest.dropFirst().drop { $0 == "/" }.prefix { $0.isLetter }.lowercased()
            if styles.contains(name), let end = rest.prefix(longestStyle).firstIndex(of: ">") {
                rest = rest[rest.index(after: end)...]
            } else {
                kept.append("<")
                rest = rest.dropFirst()
            }
        }
        return kept + rest
    }
}
