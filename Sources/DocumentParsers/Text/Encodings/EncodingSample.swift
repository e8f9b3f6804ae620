/// The parts of a text that tell its encoding: words with a byte that is not ASCII, and what stands beside them.
///
/// A part begins and ends at a byte that is no part of a longer character in any encoding, and the parts come from all of
/// the text, so that one foreign row behind a thousand of ASCII is seen.
struct EncodingSample {
    let bytes: [UInt8]

    /// - Parameter length: how many bytes are enough; a sample is at most this long and one part more.
    init(_ text: [UInt8], length: Int) {
        let words = Self.words(text)
        // All of a short text; of a long one the first words and every n-th of the others.
        let total = words.reduce(0) { $0 + $1.count }
        guard total > length else {
            bytes = Self.joined(words, of: text)
            return
        }
        var head = words[...]
        var chosen: [Range<Int>] = []
        var taken = 0
        while let word = head.first, taken < length / 2 {
            chosen.append(word)
            taken += word.count
            head = head.dropFirst()
        }
        let rest = total - taken
        let stride = max(1, rest / max(length - taken, 1))
        var skipped = 0
        for word in head where taken < length {
            skipped += 1
            guard skipped >= stride else { continue }
            skipped = 0
            chosen.append(word)
            taken += word.count
        }
        bytes = Self.joined(chosen, of: text)
    }

    /// How much ASCII goes with a word on either side, and the longest word.
    private static let context = 24
    private static let longestWord = 512
    /// Where looking for words ends.
    private static let maximumWords = 200_000

    /// The stretches between separators that hold what is not ASCII, each with the ASCII words beside it.
    private static func words(_ text: [UInt8]) -> [Range<Int>] {
        var words: [Range<Int>] = []
        var index = 0
        while index < text.count, words.count < maximumWords {
            guard isTelling(text[index]) else {
                index += 1
                continue
            }
            var start = index
            let earliest = max(words.last?.upperBound ?? 0, index - context)
            while start > earliest, !isTelling(text[start - 1]) { start -= 1 }
            // Not within a character whose second byte is a letter of ASCII.
            while start < index, start > 0, !isSeparator(text[start - 1]) { start += 1 }
            var end = index + 1
            while end < text.count, end - index < longestWord, !isSeparator(text[end]) { end += 1 }
            let latest = min(text.count, end + context / 2)
            while end < latest, !isTelling(text[end]) { end += 1 }
            words.append(start..<end)
            index = end
        }
        return words
    }

    private static func isTelling(_ byte: UInt8) -> Bool {
        byte >= 0x80 || byte < 0x20 && !(0x09...0x0D).contains(byte) || byte == 0x7F
    }

    /// Second bytes of characters begin at 0x30 (GB 18030), all others at 0x40.
    private static func isSeparator(_ byte: UInt8) -> Bool { byte < 0x30 }

    private static func joined(_ words: [Range<Int>], of text: [UInt8]) -> [UInt8] {
        var bytes: [UInt8] = []
        var end = 0
        for word in words {
            if !bytes.isEmpty, word.lowerBound > end { bytes.append(0x0A) }
            bytes += text[word]
            end = word.upperBound
        }
        return bytes
    }
}
