import Domain
import Engine

extension ExportForm {
    /// For people: questions quoted, answers as they were written, sources as a list.
    static func markdown(_ subject: ExportSubject) -> ExportForm {
        var head = "# \(subject.workspace.name.asMarkdown)\n\n"
        if let thread = subject.thread { head += "Thread: \(thread.name.asMarkdown)\n\n" }
        if let session = subject.sessionID { head += "Session: \(session.asMarkdown)\n\n" }
        return ExportForm(head: head) { stored in
            let excluded = stored.chat.isIncluded ? "" : " (not part of the history)"
            return """
                ## \(stored.createdAt.iso8601)\(excluded)

                \(stored.chat.prompt.asQuotation)

                \(stored.chat.answer)


                """ + attachments(of: stored.chat) + sources(of: stored.chat)
        }
    }

    static func attachments(of chat: Chat) -> String {
        let names = chat.attachments.map(\.name.asMarkdown)
        return names.isEmpty ? "" : "Attached: \(names.joined(separator: ", "))\n\n"
    }

    private static func sources(of chat: Chat) -> String {
        var seen: Set<String> = []
        let lines = chat.sources.map(line).filter { seen.insert($0).inserted }
        guard !lines.isEmpty else { return "" }
        let numbered = lines.enumerated().map { "\($0.offset + 1). \($0.element)\n" }
        return "Sources:\n\n" + numbered.joined() + "\n"
    }

    /// The title, with a link where the source is on the web, and the place in it.
    private static func line(_ source: Source) -> String {
        let title = source.title.asMarkdown
        let place = source.place?.locator.map { ", \($0.text)" } ?? ""
        let links = [source.chunkSource, source.url].compactMap(\.webAddress)
        return links.first.map { "[\(title)](<\($0)>)\(place)" } ?? title + place
    }
}

extension String {
    /// As plain text on one line: nothing of it marks anything up.
    var asMarkdown: String {
        var result = ""
        for scalar in unicodeScalars {
            if "\\`*_[]<>&~|#!".unicodeScalars.contains(scalar) { result.append("\\") }
            let isBreak = scalar.properties.generalCategory == .control || scalar == "\u{2028}" || scalar == "\u{2029}"
            result.unicodeScalars.append(isBreak ? " " : scalar)
        }
        return result
    }

    var asQuotation: String {
        split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).map { "> \($0)" }
            .joined(separator: "\n")
    }

    /// The address where it leads to the web; `link://` is how documents say where they were read.
    fileprivate var webAddress: String? {
        let address = hasPrefix("link://") ? String(dropFirst("link://".count)) : self
        guard WebAddress(address)?.isWeb == true else { return nil }
        let isPlain = address.unicodeScalars.allSatisfy {
            !$0.properties.isWhitespace && $0.properties.generalCategory != .control
                && !"<>\\".unicodeScalars.contains($0)
        }
        return isPlain ? address : nil
    }
}
