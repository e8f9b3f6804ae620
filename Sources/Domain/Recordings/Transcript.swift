/// The words that are spoken in a recording, in order.
package struct Transcript: Sendable, Equatable {
    package struct Segment: Sendable, Equatable {
        package var text: String
        /// Seconds from the beginning of the recording; `nil` where nobody says when the words are spoken.
        package var seconds: ClosedRange<Double>?

        package init(text: String, seconds: ClosedRange<Double>?) {
            self.text = text
            self.seconds = seconds
        }

        /// - Parameters:
        ///   - start: seconds; what no recording has, infinity say, is brought into the range of what one can have.
        ///   - end: the same.
        package init(text: String, from start: Double, to end: Double) {
            let start = Self.bounded(start)
            self.init(text: text, seconds: start...max(start, Self.bounded(end)))
        }

        private static func bounded(_ seconds: Double) -> Double {
            seconds.isNaN ? 0 : min(max(0, seconds), Transcript.longestSeconds)
        }
    }

    package var segments: [Segment]

    /// Four days: times beyond it are mistakes of whoever made the transcript.
    private static let longestSeconds = 4.0 * 24 * 3600

    package init(segments: [Segment] = []) { self.segments = segments }

    /// Adds what is spoken in the part of the recording that begins after `offset` seconds.
    package mutating func append(_ part: Transcript, at offset: Double) {
        segments += part.segments.map { segment in
            guard let seconds = segment.seconds else { return segment }
            return Segment(text: segment.text, from: seconds.lowerBound + offset, to: seconds.upperBound + offset)
        }
    }
}

// MARK: - As a document

extension Transcript {
    /// A silence of as many seconds begins a paragraph.
    private static let paragraphPause = 2.0

    /// The words as a text whose divisions are the seconds of the recording, where all their times are known.
    package var document: ParsedDocument {
        var text = ""
        var length = 0
        var seconds = SecondsOfText()
        var end: Double?
        for segment in segments {
            let words = segment.text.trimmed
            guard !words.isEmpty else { continue }
            if !text.isEmpty {
                let pause = zip(segment.seconds?.lowerBound, end).map { $0 - $1 } ?? 0
                let separator = pause >= Self.paragraphPause ? "\n\n" : " "
                text += separator
                length += separator.utf16.count
            }
            let count = words.utf16.count
            seconds.add(segment.seconds, at: length, count: count)
            text += words
            length += count
            end = segment.seconds?.upperBound
        }
        return ParsedDocument(text: text, divisions: seconds.divisions)
    }
}

private func zip<First, Second>(_ first: First?, _ second: Second?) -> (First, Second)? {
    if let first, let second { (first, second) } else { nil }
}

/// Tells for each second of a recording where in the text its words begin.
private struct SecondsOfText {
    private var starts: [Int] = []
    private var areKnown = true

    /// - Parameters:
    ///   - range: `nil` where nobody knows, after which nothing is told at all.
    ///   - offset: in UTF-16 code units, like `count`.
    mutating func add(_ range: ClosedRange<Double>?, at offset: Int, count: Int) {
        guard let range else { return areKnown = false }
        // Seconds without words begin where the next words do.
        while starts.count <= Int(range.lowerBound) { starts.append(offset) }
        // Within a segment nobody tells when which word is spoken; people speak evenly enough.
        let duration = range.upperBound - range.lowerBound
        while Double(starts.count) < range.upperBound {
            let share = (Double(starts.count) - range.lowerBound) / duration
            starts.append(offset + Int(Double(count) * share))
        }
    }

    var divisions: Divisions? {
        areKnown && !starts.isEmpty ? Divisions(.second, firstNumber: 0, starts: starts) : nil
    }
}
