import Domain

extension ExportForm {
    /// A table after RFC 4180, its first line the names of the columns.
    static let csv = ExportForm(
        head: record(["id", "createdAt", "prompt", "answer", "mode", "sources", "feedbackScore", "model", "excluded"])
    ) { stored in
        let chat = stored.chat
        return record([
            "\(stored.id)", stored.createdAt.iso8601, chat.prompt, chat.answer, chat.mode,
            stored.sourceTitles.joined(separator: "; "), stored.feedbackScore.map { "\($0)" } ?? "",
            chat.metrics?.model ?? "", "\(!chat.isIncluded)",
        ])
    }

    private static func record(_ fields: [String]) -> String {
        fields.map { "\"\(harmless($0).replacing("\"", with: "\"\""))\"" }.joined(separator: ",") + "\r\n"
    }

    /// A spreadsheet runs what looks like a formula: an apostrophe in front makes it text. Full-width signs count, as
    /// East Asian versions take them for the same, and so do signs behind white space, which some drop.
    private static func harmless(_ field: String) -> String {
        let scalars = field.unicodeScalars
        let firstSign = scalars.first { !$0.properties.isWhitespace }
        let startsFormula = firstSign.map("=+-@＝＋－＠".unicodeScalars.contains) ?? false
        let startsWithBreak = scalars.first.map("\t\r\n".unicodeScalars.contains) ?? false
        return startsFormula || startsWithBreak ? "'" + field : field
    }
}

extension StoredChat {
    /// The titles of what was quoted, each once, in order.
    fileprivate var sourceTitles: [String] {
        var seen: Set<String> = []
        return chat.sources.map(\.title).filter { seen.insert($0).inserted }
    }
}
