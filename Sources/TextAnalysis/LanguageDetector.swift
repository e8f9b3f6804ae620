import CLanguageDetector

/// Tells languages apart by their letters in groups of four, with the tables of the Compact Language Detector 2.
enum LanguageDetector {
    /// The code of the language that most of the text is in, of ISO 639; `nil` where the text is too short to tell, or in several.
    static func code(of text: String) -> String? {
        var text = text
        return text.withUTF8 { bytes in
            bytes.withMemoryRebound(to: CChar.self) { language_code($0.baseAddress, $0.count) }
        }.map { String(cString: $0) }
    }
}
