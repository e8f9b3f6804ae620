/// A place between two scalars of a text, counted in both units that matter.
struct TextPosition: Equatable {
    /// UTF-8, what is scanned.
    var byte: Int
    /// UTF-16, what is counted.
    var unit: Int
}

/// A stretch of a text.
struct TextSpan: Equatable {
    var start: TextPosition
    var end: TextPosition

    /// In UTF-16 code units.
    var length: Int { end.unit - start.unit }
}

/// UTF-16 code units of the scalar whose UTF-8 begins with `byte`; 0 for a byte that continues one.
@inline(__always)
func utf16Length(startingWith byte: UInt8) -> Int {
    byte < 0x80 ? 1 : byte < 0xC0 ? 0 : byte < 0xF0 ? 1 : 2
}
