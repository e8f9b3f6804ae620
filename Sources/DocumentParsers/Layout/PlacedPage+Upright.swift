extension PlacedPage {
    /// The page turned so that most of its text runs from left to right: tables too wide for their paper are set on their side.
    var upright: PlacedPage {
        var letters = (all: 0, up: 0, down: 0)
        for line in lines {
            let count = line.words.reduce(0) { $0 + $1.text.utf8.count }
            letters.all += count
            guard line.isVertical, line.words.count > 1 else { continue }
            if line.words[1].box.top < line.words[0].box.top { letters.up += count } else { letters.down += count }
        }
        guard 2 * (letters.up + letters.down) > letters.all else { return self }
        var page = self
        (page.width, page.height) = (height, width)
        page.lines = lines.map { line in
            var turned = PlacedLine(block: line.block)
            for word in line.words { turned.append(letters.up > letters.down ? turnedDown(word) : turnedUp(word)) }
            return turned
        }
        // Blocks are in an order that fits the page as it lies.
        let tops = Dictionary(page.lines.lazy.map { ($0.block, $0.box.top) }) { min($0, $1) }
        let places = page.lines.indices.sorted {
            (tops[page.lines[$0].block] ?? 0, page.lines[$0].block, $0)
                < (tops[page.lines[$1].block] ?? 0, page.lines[$1].block, $1)
        }
        page.lines = places.map { page.lines[$0] }
        return page
    }

    /// Of text that runs up: what is at the lower end comes first, lines follow one another to the right.
    private func turnedDown(_ word: PlacedWord) -> PlacedWord {
        var word = word
        let box = word.box
        word.box = Box(left: height - box.bottom, top: box.left, width: box.height, height: box.width)
        return word
    }

    /// Of text that runs down: what is at the upper end comes first, lines follow one another to the left.
    private func turnedUp(_ word: PlacedWord) -> PlacedWord {
        var word = word
        let box = word.box
        word.box = Box(left: box.top, top: width - box.right, width: box.height, height: box.width)
        return word
    }
}
