import Glibc

/// What is known about the words in question: how often the document holds them elsewhere, and whether a list of words has
/// them.
struct WordEvidence {
    private var counts: [String: Int] = [:]
    private var listed: Set<String> = []

    init() {}

    /// Whether there is any list; without one, a word that is not listed need not be rare.
    var hasLists: Bool { !listed.isEmpty }

    /// - Parameters:
    ///   - rows: all lines of the document.
    ///   - lists: where lists of words are looked for, one word a line.
    init(rows: some Sequence<TextRow>, questions: [HyphenRule.Parts], lists: String = "/usr/share/dict") {
        guard !questions.isEmpty else { return }
        var exact: Set<String> = []
        for parts in questions {
            for word in [parts.joined, parts.compound, parts.head.lowercased(), parts.tail.lowercased()] {
                counts[word] = 0
            }
            exact.formUnion([String(parts.head + parts.tail), parts.joined, String(parts.head), String(parts.tail)])
        }
        count(rows)
        listed = WordLists.words(of: lists, among: exact)
    }

    func count(of word: String) -> Int { counts[word] ?? 0 }

    func isListed(_ word: String) -> Bool { listed.contains(word) }

    private mutating func count(_ rows: some Sequence<TextRow>) {
        var follows = false
        for row in rows {
            for line in row.text.split(separator: TextRow.lineEnd) {
                var words = line.split(whereSeparator: \.isWhitespace)[...]
                // The parts of a word that is in question are no evidence.
                if follows { words = words.dropFirst() }
                follows = HyphenRule.endsInHyphen(line)
                if follows { words = words.dropLast() }
                for word in words { count(word) }
            }
        }
    }

    private mutating func count(_ word: Substring) {
        let word = word.trimmingPunctuation.lowercased()
        if let index = counts.index(forKey: word) { counts.values[index] += 1 }
        guard word.utf8.contains(0x2D) else { return }
        for part in word.split(separator: "-") {
            if let index = counts.index(forKey: String(part)) { counts.values[index] += 1 }
        }
    }
}

/// The lists of words that Debian's packages `wamerican`, `wngerman` and their kin bring.
enum WordLists {
    private static let maximumLists = 16
    private static let maximumBytes = 16 << 20

    /// Those of `words` that a list in `folder` has, spelled the same.
    static func words(of folder: String, among words: Set<String>) -> Set<String> {
        var found: Set<String> = []
        var seen: Set<UInt64> = []
        for name in names(in: folder).sorted() where seen.count < maximumLists {
            var status = stat()
            let path = "\(folder)/\(name)"
            // `words` is a link to one of the others.
            guard stat(path, &status) == 0, status.st_size <= maximumBytes, seen.insert(UInt64(status.st_ino)).inserted,
                let file = try? FileBytes(path: path), let bytes = try? file.all(limit: maximumBytes)
            else { continue }
            for line in bytes.split(separator: 0x0A) {
                let word = String(decoding: line, as: UTF8.self)
                if words.contains(word) { found.insert(word) }
            }
        }
        return found
    }

    private static func names(in folder: String) -> [String] {
        guard let directory = opendir(folder) else { return [] }
        defer { closedir(directory) }
        var names: [String] = []
        while let entry = readdir(directory) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if !name.hasPrefix(".") && !name.hasPrefix("README") { names.append(name) }
        }
        return names
    }
}
