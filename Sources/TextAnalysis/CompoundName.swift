/// A word as it is written, by its parts: most have one.
struct CompoundName: Equatable {
    /// The words that it consists of, as written.
    private(set) var parts: [String] = []
    /// What the whole is called, without the signs that join it: `GSK-B417`, `gsk b417` and `GSKB417` are one.
    private(set) var wholes: [String] = []

    init(_ written: [Unicode.Scalar]) {
        if written.count == 2, WordScanner.hyphens.contains(written[0]) {
            wholes = ["-" + Self.string([written[1]])]
            return
        }
        let scalars = Array(written.prefix { $0 != "+" && $0 != "#" })
        if scalars.count < written.count { wholes.append(Self.string(written)) }
        let pieces = scalars.split(omittingEmptySubsequences: true) { ScalarClass($0) == .joiner }
        guard let first = pieces.first else { return }
        if pieces.allSatisfy({ $0.allSatisfy { ScalarClass($0) == .digit } }) {
            numbers(pieces, scalars)
            return
        }
        let joiners = Set(scalars.filter { ScalarClass($0) == .joiner })
        let apostrophes: Set<Unicode.Scalar> = ["'", "\u{2019}"]
        if !joiners.isEmpty, joiners.isSubset(of: apostrophes) {
            contraction(pieces)
            return
        }
        for piece in pieces {
            // A single digit says nothing without what it is joined to.
            if pieces.count > 1, piece.count == 1, ScalarClass(piece[piece.startIndex]) == .digit { continue }
            let humps = Self.humps(piece)
            parts += humps.map(Self.string)
            if humps.count > 1 { wholes.append(Self.string(piece)) }
        }
        // Sentences whose space is missing or is a hyphen, and lists, are no names.
        guard 2...Self.mostPieces ~= pieces.count else { return }
        wholes += Self.versions(in: scalars)
        let isName =
            !joiners.isDisjoint(with: ["-", "_", "\u{2010}", "\u{2011}"])
            || first.contains { ScalarClass($0) == .digit } && !joiners.contains(",")
            || joiners == ["."] && pieces.count == 2 && first.count > 1 && Self.isSourceEnding(pieces[1])
        guard isName else { return }
        wholes.append(Self.withoutJoiners(scalars))
        // The name of a file is known without its ending, too.
        if let ending = pieces.last, pieces.count > 2, Self.endsLikeFile(ending, before: scalars) {
            wholes.append(Self.withoutJoiners(Array(scalars.dropLast(ending.count + 1))))
        }
    }

    /// The numbers with points in a name: `v1.2.3` and `openssl-1.2.3` hold the version 1.2.3.
    private static func versions(in scalars: [Unicode.Scalar]) -> [String] {
        scalars.split { ScalarClass($0) == .joiner && $0 != "." }.compactMap { segment in
            let number = segment.first == "v" || segment.first == "V" ? segment.dropFirst() : segment
            guard number.contains("."), number.allSatisfy({ $0 == "." || ScalarClass($0) == .digit }) else {
                return nil
            }
            return string(number)
        }
    }

    /// The `c` of `main.c`.
    private static func isSourceEnding(_ piece: ArraySlice<Unicode.Scalar>) -> Bool {
        piece.count == 1 && piece.allSatisfy(isSmall)
    }

    /// Of a name that somebody would ask for as a whole.
    private static let mostPieces = 8

    /// A point and up to five letters, as in `.xlsx`.
    private static func endsLikeFile(_ ending: ArraySlice<Unicode.Scalar>, before scalars: [Unicode.Scalar]) -> Bool {
        ending.count <= 5 && scalars.count > ending.count && scalars[scalars.count - ending.count - 1] == "."
            && ending.contains { ScalarClass($0) == .letter }
    }

    /// What stands between two digits tells numbers apart, and stays as a point.
    private static func withoutJoiners(_ scalars: [Unicode.Scalar]) -> String {
        var whole = String.UnicodeScalarView()
        for (index, scalar) in scalars.enumerated() {
            if ScalarClass(scalar) != .joiner {
                whole.append(scalar)
            } else if scalar == "." || scalar == ",", ScalarClass(scalars[index - 1]) == .digit,
                ScalarClass(scalars[index + 1]) == .digit
            {
                whole.append(".")
            }
        }
        return String(whole)
    }

    /// `1.2.3` is found by `1.2` as well, `1,000` by `1000`, and `42,5` by `42.5`.
    private mutating func numbers(_ pieces: [ArraySlice<Unicode.Scalar>], _ scalars: [Unicode.Scalar]) {
        guard pieces.count > 1 else {
            parts = pieces.map(Self.string)
            return
        }
        let texts = pieces.map(Self.string)
        let isName = scalars.contains { $0 == "-" || $0 == "_" }
        if isName { parts = texts.filter { $0.utf8.count > 1 } }
        wholes.append(texts.joined(separator: isName ? "" : "."))
        if isName { return }
        if pieces.count > 2 { wholes.append(texts.prefix(2).joined(separator: ".")) }
        if pieces.dropFirst().allSatisfy({ $0.count == 3 }), pieces[0].count < 4 { wholes.append(texts.joined()) }
    }

    /// `harbour's` is `harbour`, `don't` one word, `l'eau` and `O'Neil` two.
    private mutating func contraction(_ pieces: [ArraySlice<Unicode.Scalar>]) {
        var pieces = pieces
        if pieces.count == 2, pieces[1].count == 1, pieces[1].first == "s" || pieces[1].first == "S" {
            parts = [Self.string(pieces[0])]
            return
        }
        if pieces.count == 2, Self.contractions.contains(Self.string(pieces[1]).lowercased()) {
            parts = [pieces.map(Self.string).joined()]
            return
        }
        pieces.removeAll { $0.isEmpty }
        parts = pieces.map(Self.string)
        if pieces.count == 2, pieces[0].first?.properties.isUppercase == true { wholes.append(parts.joined()) }
    }

    private static let contractions: Set<String> = ["d", "ll", "m", "re", "t", "ve"]

    /// `camelCase` and `HTTPServer` by what they are put together of; other words as they are.
    private static func humps(_ piece: ArraySlice<Unicode.Scalar>) -> [ArraySlice<Unicode.Scalar>] {
        let scalars = Array(piece)
        guard scalars.dropFirst().contains(where: isCapital), scalars.contains(where: isSmall) else { return [piece] }
        var humps: [ArraySlice<Unicode.Scalar>] = []
        var start = 0
        for index in scalars.indices.dropFirst() where isCapital(scalars[index]) {
            let afterSmall = isSmall(scalars[index - 1])
            let beforeSmall = index + 1 < scalars.count && isSmall(scalars[index + 1]) && isCapital(scalars[index - 1])
            guard afterSmall || beforeSmall else { continue }
            humps.append(scalars[start..<index])
            start = index
        }
        humps.append(scalars[start...])
        return humps
    }

    private static func isCapital(_ scalar: Unicode.Scalar) -> Bool {
        scalar.value < 0x80 ? ("A"..."Z").contains(scalar) : scalar.properties.isUppercase
    }

    private static func isSmall(_ scalar: Unicode.Scalar) -> Bool {
        scalar.value < 0x80 ? ("a"..."z").contains(scalar) : scalar.properties.isLowercase
    }

    private static func string(_ scalars: some Sequence<Unicode.Scalar>) -> String {
        String(String.UnicodeScalarView(scalars))
    }
}
