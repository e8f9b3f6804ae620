import Domain

/// Header values as people read them: encoded words (RFC 2047) are decoded, and what is not ASCII, in UTF-8 (RFC 6532) or, as old
/// programs write it, in an encoding that has to be guessed.
enum EncodedWords {
    static func decode(_ value: some Collection<UInt8>) -> String {
        let value = Array(value)
        var scanner = Scanner(value: value)
        return plain(scanner.decode())
    }

    /// On one line, without control characters and white space at the ends.
    private static func plain(_ text: String) -> String {
        TextDecoder.cleaned(text).split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }

    /// One word: `=?charset*language?B?text?=`.
    private struct Word {
        let charset: String
        let bytes: [UInt8]
        let end: Int
    }

    private struct Scanner {
        let value: [UInt8]
        private var text = ""
        /// Bytes outside encoded words since the last one.
        private var plainBytes: [UInt8] = []
        /// The encoded words that follow one another in one charset: characters may be torn between them.
        private var open: (charset: String, bytes: [UInt8])?

        init(value: [UInt8]) { self.value = value }

        mutating func decode() -> String {
            var position = 0
            while position < value.count {
                if value[position] == UInt8(ascii: "="), let word = word(at: position) {
                    add(word)
                    position = word.end
                } else {
                    plainBytes.append(value[position])
                    position += 1
                }
            }
            flushPlain(isBeforeWord: false)
            flushWords()
            return text
        }

        private mutating func add(_ word: Word) {
            flushPlain(isBeforeWord: true)
            if open?.charset == word.charset {
                open?.bytes += word.bytes
            } else {
                flushWords()
                open = (word.charset, word.bytes)
            }
        }

        /// White space between two encoded words is none.
        private mutating func flushPlain(isBeforeWord: Bool) {
            defer { plainBytes = [] }
            guard !plainBytes.isEmpty else { return }
            if isBeforeWord, open != nil, plainBytes.allSatisfy({ $0 <= 0x20 }) { return }
            flushWords()
            text += String(validating: plainBytes, as: UTF8.self) ?? TextDecoder.decode(plainBytes)
        }

        private mutating func flushWords() {
            guard let words = open else { return }
            open = nil
            text += MailCharset.decode(words.bytes, label: words.charset)
        }

        private func word(at start: Int) -> Word? {
            guard value[start...].starts(with: "=?".utf8) else { return nil }
            let isQuestion = { (byte: UInt8) in byte == UInt8(ascii: "?") }
            // A name of a charset has at most 75 bytes, as the whole word should have.
            let head = value[(start + 2)...].prefix(80)
            guard let first = head.firstIndex(where: isQuestion), first + 2 < value.count, isQuestion(value[first + 2])
            else { return nil }
            let body = value[(first + 3)...]
            guard let second = body.firstIndex(where: isQuestion), second + 1 < value.count,
                value[second + 1] == UInt8(ascii: "=")
            else { return nil }
            let label = value[(start + 2)..<first].prefix { $0 != UInt8(ascii: "*") }
            let content = value[(first + 3)..<second]
            let bytes: [UInt8]
            switch value[first + 1] {
            case UInt8(ascii: "B"), UInt8(ascii: "b"): bytes = TransferEncoding.base64(content)
            case UInt8(ascii: "Q"), UInt8(ascii: "q"): bytes = TransferEncoding.headerQuoted(content)
            default: return nil
            }
            return Word(charset: String(decoding: label, as: UTF8.self).lowercased(), bytes: bytes, end: second + 2)
        }
    }
}

/// Decodes text by the name of its encoding that a message gives.
enum MailCharset {
    /// Encodings that write everything in ASCII: only the name tells them from it.
    private static let shifting = ["utf-7", "unicode-1-1-utf-7", "hz-gb-2312", "iso-2022"]
    private static let unknown = ["utf-8", "utf8", "us-ascii", "ascii", "unknown-8bit", "x-unknown"]

    static func decode(_ bytes: [UInt8], label: String?) -> String {
        let label = label?.lowercased() ?? ""
        if label.isEmpty || unknown.contains(label) { return TextDecoder.decode(bytes) }
        // Text in UTF-8 under another name is commoner than text in that encoding which is valid UTF-8 by chance.
        let isShifting = shifting.contains { label.hasPrefix($0) }
        if !isShifting, let text = TextDecoder.decodeUnicode(bytes) { return text }
        return encoding(label)?.decode(bytes).map(TextDecoder.cleaned) ?? TextDecoder.decode(bytes)
    }

    private static func encoding(_ label: String) -> LegacyEncoding? {
        switch EncodingLabel.meaning(of: label) {
        // What browsers refuse, mail programs have written.
        case .utf8, .legacy(.replacement), nil: .other(label)
        case .legacy(let encoding): encoding
        }
    }
}
