/// The numbered parts of a document that people cite it by, one behind the other without a gap.
package struct Divisions: Sendable, Equatable, Codable {
    package enum Unit: String, Sendable, Codable, CaseIterable {
        case page, slide, message, chapter
        /// A row of a table.
        case row
        /// One of the like objects that a data file lists.
        case record
        /// Of a recording, counted from its beginning.
        case second

        /// Whether what stands in one part belongs together, so that a chunk ends within it only where it is longer than a
        /// chunk. Sentences, on the other hand, run over the end of a page.
        package var isIndivisible: Bool { self == .row || self == .record }
    }

    package var unit: Unit
    /// The number of the first part.
    package var firstNumber: Int
    /// The UTF-16 offset at which each part begins, in order. A part without text begins where the next one does.
    package var starts: [Int]

    package init(_ unit: Unit, firstNumber: Int = 1, starts: [Int]) {
        self.unit = unit
        self.firstNumber = firstNumber
        self.starts = starts
    }
}

/// The first and the last numbered part of a document that a stretch of its text touches.
package struct Locator: Sendable, Equatable {
    package var unit: Divisions.Unit
    package var numbers: ClosedRange<Int>

    package init(_ unit: Divisions.Unit, _ numbers: ClosedRange<Int>) {
        self.unit = unit
        self.numbers = numbers
    }

    /// As a citation names it: `p. 3`, `pp. 3–4`, `rows 2–17`, `1:05–1:47`.
    package var text: String {
        let (first, last) = (numbers.lowerBound, numbers.upperBound)
        let isOne = first == last
        if unit == .second { return Self.clock(first) + (isOne ? "" : "–\(Self.clock(last))") }
        let name =
            switch unit {
            case .page: isOne ? "p." : "pp."
            default: isOne ? unit.rawValue : "\(unit.rawValue)s"
            }
        return isOne ? "\(name) \(first)" : "\(name) \(first)–\(last)"
    }

    /// `1:05`, from an hour on `2:01:05`.
    private static func clock(_ seconds: Int) -> String {
        let twoDigits = { (number: Int) in number < 10 ? "0\(number)" : "\(number)" }
        let (hours, minutes) = (seconds / 3600, seconds / 60 % 60)
        return (hours > 0 ? "\(hours):\(twoDigits(minutes))" : "\(minutes)") + ":\(twoDigits(seconds % 60))"
    }
}
