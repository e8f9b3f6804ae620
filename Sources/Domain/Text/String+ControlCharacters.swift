extension String {
    /// Whether it holds what moves a terminal's cursor, begins a new line, or changes the order in which text is read: nothing
    /// that a name needs.
    package var holdsControlCharacters: Bool {
        unicodeScalars.contains { scalar in
            switch scalar.properties.generalCategory {
            case .control, .lineSeparator, .paragraphSeparator: true
            case .format: (0x202A...0x202E).contains(scalar.value) || (0x2066...0x2069).contains(scalar.value)
            default: false
            }
        }
    }
}
