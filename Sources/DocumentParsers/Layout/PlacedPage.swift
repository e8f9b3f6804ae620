/// A page as words with their places on it, in points from its upper left corner.
struct PlacedPage: Equatable {
    /// Counted from 1.
    var number: Int
    var width: Float
    var height: Float
    /// In the order in which the tool reads them.
    var lines: [PlacedLine] = []
}

/// Words of one line of one column.
struct PlacedLine: Equatable {
    var words: [PlacedWord] = []
    var box = Box()
    /// Which block of lines it is in; the same for all pages.
    var block: Int
}

struct PlacedWord: Equatable {
    var text: String
    var box: Box
    /// How sure a tool that recognises it is, 0...100.
    var confidence: Float = 100
}

struct Box: Equatable {
    var left: Float = 0
    var top: Float = 0
    var width: Float = 0
    var height: Float = 0

    var right: Float { left + width }
    var bottom: Float { top + height }
    var middle: (x: Float, y: Float) { (left + width / 2, top + height / 2) }

    /// The space between the two, seen from the side where they are further apart; negative where they overlap.
    func gap(to other: Box) -> Float {
        max(
            max(left, other.left) - min(right, other.right),
            max(top, other.top) - min(bottom, other.bottom))
    }

    /// The length of the stretch of the vertical axis that both cover; negative where there is none.
    func verticalOverlap(_ other: Box) -> Float { min(bottom, other.bottom) - max(top, other.top) }

    func horizontalOverlap(_ other: Box) -> Float { min(right, other.right) - max(left, other.left) }

    /// Whether both stand on one line of the page.
    func isLevel(with other: Box) -> Bool { abs(middle.y - other.middle.y) <= 0.35 * min(height, other.height) }

    func contains(_ x: Float, _ y: Float) -> Bool { left <= x && x <= right && top <= y && y <= bottom }

    func scaled(by factor: Float) -> Box {
        Box(left: left * factor, top: top * factor, width: width * factor, height: height * factor)
    }

    /// The smallest that holds both.
    func union(_ other: Box) -> Box {
        let (left, top) = (min(left, other.left), min(top, other.top))
        return Box(
            left: left, top: top, width: max(right, other.right) - left, height: max(bottom, other.bottom) - top)
    }
}

extension PlacedLine {
    /// The size of most of its letters, as the height of their boxes.
    var letterHeight: Float {
        if isVertical { return box.width }
        guard words.count > 1 else { return words.first?.box.height ?? 0 }
        var letters: [Float: Int] = [:]
        for word in words { letters[word.box.height, default: 0] += word.text.utf8.count }
        return letters.max { ($0.value, $0.key) < ($1.value, $1.key) }?.key ?? 0
    }

    /// Whether its words stand one below the other: text that runs up or down the page.
    var isVertical: Bool {
        guard let first = words.first, box.height > 1.5 * box.width else { return false }
        if words.count == 1 { return first.text.count > 2 }
        return words[1].box.horizontalOverlap(first.box) > 0 && words[1].box.verticalOverlap(first.box) <= 0
    }

    mutating func append(_ word: PlacedWord) {
        box = words.isEmpty ? word.box : box.union(word.box)
        words.append(word)
    }
}
