import Domain
import HTTPTypes
import OrderedJSON
import Persistence

enum ExportFormat: String, CaseIterable {
    case json
    /// Training examples, one chat on each line.
    case jsonl
    case csv
    case md

    /// Reads `format`; throws 400 where it is none of these.
    init(_ parameters: QueryParameters) throws(APIError) {
        guard let name = parameters["format"] else {
            self = .json
            return
        }
        guard let format = ExportFormat(rawValue: name.lowercased()) else {
            let known = Self.allCases.map(\.rawValue).joined(separator: ", ")
            throw APIError(.badRequest, message: "format must be one of \(known).")
        }
        self = format
    }

    var contentType: String {
        switch self {
        case .json: "application/json; charset=utf-8"
        case .jsonl: "application/jsonl; charset=utf-8"
        case .csv: "text/csv; charset=utf-8; header=present"
        case .md: "text/markdown; charset=utf-8"
        }
    }

    func form(of subject: ExportSubject, includesAttachments: Bool) -> ExportForm {
        switch self {
        case .json: .json(subject, includesAttachments: includesAttachments)
        case .jsonl: .trainingLines(subject)
        case .csv: .csv
        case .md: .markdown(subject)
        }
    }
}

/// How a file is put together: what comes first, what each chat becomes, what stands between two, what comes last.
struct ExportForm: Sendable {
    var head = ""
    let item: @Sendable (StoredChat) -> String
    var separator = ""
    var tail = ""
}

extension ExportForm {
    static func json(_ subject: ExportSubject, includesAttachments: Bool) -> ExportForm {
        let workspace: JSON = ["name": .string(subject.workspace.name), "slug": .string(subject.workspace.slug)]
        let thread = subject.thread.map { ["name": .string($0.name), "slug": .string($0.slug)] as JSON } ?? .null
        return ExportForm(
            head: #"{"workspace":\#(workspace.text),"thread":\#(thread.text),"#
                + #""apiSessionId":\#(JSON(subject.sessionID).text),"chats":["#,
            item: { $0.json(includesAttachments: includesAttachments).text }, separator: ",\n", tail: "]}\n")
    }

    /// The chat form that fine-tuning takes. The instruction stands as it was written, with its variables.
    static func trainingLines(_ subject: ExportSubject) -> ExportForm {
        let instruction = subject.workspace.settings.systemPrompt
        return ExportForm { stored in
            let turns = [
                ("system", instruction), ("user", stored.chat.prompt), ("assistant", stored.chat.answer),
            ]
            let messages = turns.compactMap { role, content -> JSON? in
                content.map { ["role": .string(role), "content": .string($0)] }
            }
            return (["messages": .array(messages)] as JSON).text + "\n"
        }
    }
}

extension StoredChat {
    fileprivate func json(includesAttachments: Bool) -> JSON {
        let attachments = chat.attachments.map { $0.json(includesContent: includesAttachments) }
        return [
            "id": .integer(id),
            "createdAt": .string(createdAt.iso8601),
            "userId": JSON(chat.conversation.userID),
            "prompt": .string(chat.prompt),
            "answer": .string(chat.answer),
            "mode": .string(chat.mode),
            "sources": .array(chat.sources.map(\.json)),
            "attachments": .array(attachments),
            "toolCalls": .array(chat.toolUses.map(\.json)),
            "metrics": .object(chat.metrics?.json ?? [:]),
            "feedbackScore": JSON(feedbackScore),
            "excluded": .bool(!chat.isIncluded),
        ]
    }
}
