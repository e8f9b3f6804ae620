/// A file of environment variables, as `dotenv` and Docker's tools write it: `NAME=value`, `NAME='value'`, `NAME="value"`,
/// with comments behind `#`. Lines that say something else are kept as they are.
package struct DotEnvFile: Sendable {
    private var lines: [Line]

    private struct Line: Sendable {
        /// `nil` for a comment, an empty line, and what cannot be read.
        var name: String?
        var value: String
        var text: String
    }

    package init(_ text: String) {
        var scanner = Scanner(text)
        lines = []
        while let line = scanner.nextLine() { lines.append(line) }
    }

    /// Of a name that comes several times, the last counts.
    package var values: [String: String] {
        Dictionary(lines.compactMap { line in line.name.map { ($0, line.value) } }) { _, last in last }
    }

    /// Puts a value in the place of those there are, or at the end.
    package mutating func set(_ name: String, to value: String) {
        let line = Line(name: name, value: value, text: "\(name)=\(Self.quoted(value))")
        guard let index = lines.firstIndex(where: { $0.name == name }) else { return lines.append(line) }
        lines[index] = line
        remove(name, behind: index)
    }

    package mutating func remove(_ name: String) { lines.removeAll { $0.name == name } }

    private mutating func remove(_ name: String, behind index: Int) {
        let rest = lines[(index + 1)...].filter { $0.name != name }
        lines = Array(lines[...index]) + rest
    }

    package var text: String { lines.map { $0.text + "\n" }.joined() }

    /// In the quotes that need no escapes, where there are such: programs differ in what escapes mean to them.
    private static func quoted(_ value: String) -> String {
        if !value.contains(where: { "'\n\r".contains($0) }) { return "'\(value)'" }
        if !value.contains(where: { "\"\\\n\r".contains($0) }) { return "\"\(value)\"" }
        if !value.contains("`") { return "`\(value)`" }
        let escaped = value.replacing("\\", with: #"\\"#).replacing("\"", with: #"\""#).replacing("\n", with: #"\n"#)
            .replacing("\r", with: #"\r"#)
        return "\"\(escaped)\""
    }

    /// Reads one line after the other; a value in quotes may take several.
    private struct Scanner {
        private var rest: Substring

        init(_ text: String) { rest = text[...] }

        mutating func nextLine() -> Line? {
            guard !rest.isEmpty else { return nil }
            let start = rest
            if let (name, value) = assignment() {
                _ = takeLine()
                let text = start[..<rest.startIndex]
                return Line(
                    name: name, value: value, text: String(text.last?.isNewline == true ? text.dropLast() : text))
            }
            rest = start
            return Line(name: nil, value: "", text: String(takeLine()))
        }

        /// Everything up to the end of the line, which is taken, too.
        private mutating func takeLine() -> Substring {
            let line = rest.prefix { !$0.isNewline }
            rest = rest[line.endIndex...].dropFirst()
            return line
        }

        private mutating func skipBlanks() { rest = rest.drop { $0 == " " || $0 == "\t" } }

        private mutating func assignment() -> (name: String, value: String)? {
            skipBlanks()
            if rest.hasPrefix("export ") { rest = rest.dropFirst(7) }
            skipBlanks()
            let name = rest.prefix { $0.isASCII && ($0.isLetter || $0.isNumber || "_.-".contains($0)) }
            rest = rest[name.endIndex...]
            skipBlanks()
            guard !name.isEmpty, rest.first == "=" else { return nil }
            rest = rest.dropFirst()
            skipBlanks()
            switch rest.first {
            case "'", "`", "\"": return quotedValue().map { (String(name), $0) }
            default: return (String(name), bareValue())
            }
        }

        private mutating func bareValue() -> String {
            let line = rest.prefix { !$0.isNewline }
            rest = rest[line.endIndex...]
            // A sign within a word belongs to it.
            var value = line
            var searched = line.startIndex
            while let sign = line[searched...].firstIndex(of: "#") {
                if sign == line.startIndex || line[line.index(before: sign)].isWhitespace {
                    value = line[..<sign]
                    break
                }
                searched = line.index(after: sign)
            }
            return String(value.reversed().drop { $0.isWhitespace }.reversed())
        }

        /// `nil` where the closing quote is missing.
        private mutating func quotedValue() -> String? {
            guard let quote = rest.popFirst() else { return nil }
            var value = ""
            while let character = rest.popFirst() {
                if character == quote { return value }
                guard quote == "\"", character == "\\", let next = rest.first else {
                    value.append(character)
                    continue
                }
                let meanings: [Character: Character] = ["n": "\n", "r": "\r", "t": "\t", "\"": "\"", "\\": "\\"]
                guard let meaning = meanings[next] else {
                    value.append(character)
                    continue
                }
                value.append(meaning)
                rest = rest.dropFirst()
            }
            return nil
        }
    }
}
