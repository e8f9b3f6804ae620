/// What a code point is when characters as a reader sees them are made of code points (Unicode Annex 29). The numbers are
/// those in `UnicodeTables`.
enum GraphemeClass: UInt8, Sendable {
    case other, control
    /// Extends what is before it: inside a conjunct not at all, in it, or as what links two consonants.
    case extend, conjunctExtend, linker
    case spacingMark, prepend, pictographic, consonant
    case hangulL, hangulV, hangulLV, hangulLVT, hangulT
    case joiner
}

/// Finds the ends of grapheme clusters, as extended grapheme clusters are defined by Unicode Annex 29.
///
/// Flags of two letters are left out: each letter has four bytes, and `PrecompiledMap`, for which this is, looks at clusters
/// of at most five.
struct GraphemeBreaker {
    private enum Conjunct { case none, consonant, linked }
    private enum Pictograph { case none, seen, joined }

    private var before: UInt32?
    private var classBefore = GraphemeClass.other
    private var conjunct = Conjunct.none
    private var pictograph = Pictograph.none

    /// Whether a new cluster begins with `code`, which follows the ones before. Each cluster has a breaker of its own.
    mutating func breaks(before code: UInt32) -> Bool {
        let next = UnicodeProperties.shared.graphemeClass(code)
        guard let before else {
            follow(next)
            self.before = code
            return false
        }
        guard joins(before, code, next) else { return true }
        follow(next)
        self.before = code
        return false
    }

    private func joins(_ before: UInt32, _ code: UInt32, _ next: GraphemeClass) -> Bool {
        if classBefore == .control { return before == 0x0D && code == 0x0A }
        switch next {
        case .control: return false
        case .extend, .conjunctExtend, .linker, .spacingMark, .joiner: return true
        case .consonant where conjunct == .linked: return true
        case .pictographic where pictograph == .joined: return true
        default: break
        }
        switch (classBefore, next) {
        case (.prepend, _): return true
        case (.hangulL, .hangulL), (.hangulL, .hangulV), (.hangulL, .hangulLV), (.hangulL, .hangulLVT): return true
        case (.hangulLV, .hangulV), (.hangulLV, .hangulT), (.hangulV, .hangulV), (.hangulV, .hangulT): return true
        case (.hangulLVT, .hangulT), (.hangulT, .hangulT): return true
        default: return false
        }
    }

    private mutating func follow(_ next: GraphemeClass) {
        conjunct =
            switch (conjunct, next) {
            case (_, .consonant): .consonant
            case (.consonant, .linker): .linked
            case (_, .conjunctExtend), (_, .joiner), (.linked, .linker): conjunct
            default: .none
            }
        pictograph =
            switch (pictograph, next) {
            case (_, .pictographic): .seen
            case (.seen, .extend), (.seen, .conjunctExtend), (.seen, .linker): .seen
            case (.seen, .joiner): .joined
            default: .none
            }
        classBefore = next
    }
}
