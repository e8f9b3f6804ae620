import Domain
import HTTPTypes
import OrderedJSON
import Persistence

/// What a conversation becomes that is kept as a file: hidden chats are left out of all of them.
enum ConversationForm: String, CaseIterable {
    case markdown, plaintext, json, html, pdf

    /// - Throws: 400 for what is none of these.
    init(_ name: String) throws(APIError) {
        guard let form = ConversationForm(rawValue: name.lowercased()) else {
            let known = Self.allCases.map(\.rawValue).joined(separator: ", ")
            throw APIError(.badRequest, message: "Invalid export type: \(name). Must be one of \(known)")
        }
        self = form
    }

    /// For the file of HTML, wherever it is opened: nothing of it runs, and nothing is fetched.
    static let contentSecurityPolicy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox"

    var contentType: String {
        switch self {
        case .markdown: "text/markdown; charset=utf-8"
        case .plaintext: "text/plain; charset=utf-8"
        case .json: "application/json; charset=utf-8"
        case .html: "text/html; charset=utf-8"
        case .pdf: "application/pdf"
        }
    }

    var fileExtension: String {
        switch self {
        case .markdown: "md"
        case .plaintext: "txt"
        case .json, .html, .pdf: rawValue
        }
    }

    /// The text of the file; for PDF that of the page which is printed.
    func text(of subject: ExportSubject, at time: Timestamp) -> ExportForm {
        switch self {
        case .markdown: .conversationMarkdown(subject, at: time)
        case .plaintext: .plainText(subject, at: time)
        case .json: .messages(subject, at: time)
        case .html, .pdf: .page(subject, at: time)
        }
    }
}

extension ExportForm {
    fileprivate static func conversationMarkdown(_ subject: ExportSubject, at time: Timestamp) -> ExportForm {
        var head = "**Workspace:** \(subject.workspace.name.asMarkdown)  \n"
        if let thread = subject.thread { head += "**Thread:** \(thread.name.asMarkdown)  \n" }
        head += "**Exported:** \(time.iso8601)\n\n---\n\n"
        return ExportForm(head: head) { stored in
            "**You:**\n\n\(stored.chat.prompt.asQuotation)\n\n" + attachments(of: stored.chat)
                + "**Assistant:**\n\n\(AnswerParts(stored.chat.answer).text)\n\n---\n\n"
        }
    }

    fileprivate static func plainText(_ subject: ExportSubject, at time: Timestamp) -> ExportForm {
        var head = "Workspace: \(subject.workspace.name.asLine)\n"
        if let thread = subject.thread { head += "Thread: \(thread.name.asLine)\n" }
        head += "Exported: \(time.iso8601)\n\n"
        return ExportForm(head: head) { stored in
            let names = stored.chat.attachments.map(\.name.asLine)
            let attached = names.isEmpty ? "" : "\n[Attached: \(names.joined(separator: ", "))]"
            return "You:\n\(stored.chat.prompt)\(attached)\n\n"
                + "Assistant:\n\(AnswerParts(stored.chat.answer).text)\n\n"
        }
    }

    /// One object, indented by two, with the turns as `messages`.
    fileprivate static func messages(_ subject: ExportSubject, at time: Timestamp) -> ExportForm {
        let thread = JSON(subject.thread?.name)
        let head = """
            {
              "workspace": \(JSON.string(subject.workspace.name).text),
              "thread": \(thread.text),
              "exported": \(JSON.string(time.iso8601).text),
              "messages": [

            """
        return ExportForm(
            head: head,
            item: { stored in
                let parts = AnswerParts(stored.chat.answer)
                var answer: JSONObject = ["role": "assistant", "content": .string(parts.text)]
                answer["reasoning"] = parts.reasoning.map(JSON.string)
                let question: JSON = ["role": "user", "content": .string(stored.chat.prompt)]
                return [question, .object(answer)].map {
                    "    " + $0.indented(by: 2).replacing("\n", with: "\n    ")
                }.joined(separator: ",\n")
            }, separator: ",\n", tail: "\n  ]\n}\n")
    }
}

extension String {
    /// On one line.
    fileprivate var asLine: String { split(whereSeparator: \.isNewline).joined(separator: " ") }
}
