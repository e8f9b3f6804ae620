extension String {
    /// Whether it holds what moves a terminal's cursor, begins a new line, or changes the order in which text is read: nothing
    /// that a name needs.
    package var holdsControlCharacters: Bool {
        unicodeScalars.contains { scalar in
            switch scalar.properties.generalCategory {
            case .control, .lineSeparator, .paragraphSeparator: true
            case .format:
                switch scalar.value {
                case 0x061C, 0x200E, 0x200F, 0x202A...0x202E, 0x2066...0x2069: true
                default: false
                }
            default: false
            }
        }
    }
}
