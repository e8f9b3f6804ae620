import Domain

extension ExportForm {
    /// A table after RFC 4180, its first line the names of the columns.
    static let csv = ExportForm(
        head: CSVRecord.line([
            "id", "createdAt", "prompt", "answer", "mode", "sources", "feedbackScore", "model", "excluded",
        ])
    ) { stored in
        let chat = stored.chat
        return CSVRecord.line([
            "\(stored.id)", stored.createdAt.iso8601, chat.prompt, chat.answer, chat.mode,
            stored.sourceTitles.joined(separator: "; "), stored.feedbackScore.map { "\($0)" } ?? "",
            chat.metrics?.model ?? "", "\(!chat.isIncluded)",
        ])
    }
}

extension StoredChat {
    /// The titles of what was quoted, each once, in order.
    fileprivate var sourceTitles: [String] { chat.sources.map(\.title).unique }
}
