import Domain
import Engine
import OrderedJSON
import Persistence

/// The conversations of the whole instance as one file, in the forms that existing clients read.
struct InstanceExport: Sendable {
    enum Form: String, CaseIterable {
        case json, csv, jsonl, jsonAlpaca

        var contentType: String {
            switch self {
            case .json, .jsonAlpaca: "application/json; charset=utf-8"
            case .csv: "text/csv; charset=utf-8"
            case .jsonl: "application/jsonl; charset=utf-8"
            }
        }

        var fileExtension: String { self == .jsonAlpaca ? "json" : rawValue }
    }

    let conversations: InstanceConversations
    let kind: ExportedChat.Kind
    let names: InstanceConversations.Names
    let filter: InstanceChatFilter
    let form: Form
    let systemPrompt: String

    /// Places and ids that are in memory at once.
    private static let page = 1000
    /// Chats that are in memory at once: one of them may hold a hundred megabytes of pictures.
    private static let batch = 4

    func write(to body: inout StreamedBody) async throws {
        switch form {
        case .json: try await writeArray(to: &body) { record($0) }
        case .jsonAlpaca: try await writeArray(to: &body) { example($0) }
        case .csv: try await writeTable(to: &body)
        case .jsonl: try await writeConversations(to: &body)
        }
    }

    // MARK: One entry for each chat

    private func writeArray(
        to body: inout StreamedBody, as entry: @escaping @Sendable (ExportedChat) -> JSON
    ) async throws {
        var isFirst = true
        try await body.write("[")
        try await forEach(in: &body) { chat, body in
            let text = entry(chat).indented(by: 4).replacing("\n", with: "\n    ")
            try await body.write((isFirst ? "\n    " : ",\n    ") + text)
            isFirst = false
        }
        try await body.write(isFirst ? "]" : "\n]")
    }

    private func writeTable(to body: inout StreamedBody) async throws {
        try await body.write("id,workspace,prompt,response,sent_at")
        try await body.write(kind == .workspace ? ",username,rating" : "")
        try await forEach(in: &body) { chat, body in
            let fields = [
                String(chat.id), workspaceName(of: chat), chat.prompt, chat.answer, chat.createdAt.iso8601,
                chat.username,
            ].compactMap(\.self).map {
                $0.replacing("\r\n", with: " ").replacing("\n", with: " ").replacing("\r", with: " ")
            }
            let rating = kind == .workspace ? ",\"\(chat.ratingText)\"" : ""
            try await body.write("\n" + fields.map(CSVRecord.quoted).joined(separator: ",") + rating)
        }
    }

    private func forEach(
        in body: inout StreamedBody, _ write: (ExportedChat, inout StreamedBody) async throws -> Void
    ) async throws {
        var last: Chat.ID = 0
        while true {
            let ids = try await conversations.ids(kind, filter, after: last, limit: Self.page)
            for start in stride(from: 0, to: ids.count, by: Self.batch) {
                let part = Array(ids[start..<min(start + Self.batch, ids.count)])
                for chat in try await conversations.find(kind, part, names) {
                    try await write(chat, &body)
                }
            }
            guard let end = ids.last, ids.count == Self.page else { return }
            last = end
        }
    }

    private func workspaceName(of chat: ExportedChat) -> String {
        names.workspaces[chat.workspace]?.name ?? "deleted workspace"
    }

    private func record(_ chat: ExportedChat) -> JSON {
        var record: JSONObject = [
            "id": .integer(chat.id), "prompt": .string(chat.prompt), "response": .string(chat.answer),
            "sent_at": .string(chat.createdAt.iso8601),
            "attachments": .array(chat.attachments.map(\.exported)), "workspace": .string(workspaceName(of: chat)),
        ]
        guard kind == .workspace else { return .object(record) }
        record["username"] = JSON(chat.username)
        record["rating"] = .string(chat.ratingText)
        return .object(record)
    }

    /// A training example after Stanford's Alpaca.
    private func example(_ chat: ExportedChat) -> JSON {
        var instruction = instruction(of: chat.workspace)
        if !chat.sources.isEmpty {
            instruction += "\nContext:\n"
            for (index, source) in chat.sources.enumerated() {
                instruction += "[CONTEXT \(index)]:\n\(source.text)\n[END CONTEXT \(index)]\n\n"
            }
        }
        return [
            "instruction": .string(instruction), "input": .string(chat.prompt), "output": .string(chat.answer),
        ]
    }

    private func instruction(of workspace: Workspace.ID) -> String {
        names.workspaces[workspace]?.settings.systemPrompt ?? systemPrompt
    }

    // MARK: One line for each conversation

    private func writeConversations(to body: inout StreamedBody) async throws {
        var last = ChatPlace.beginning
        var isOpen = false
        while true {
            let places = try await conversations.places(kind, filter, after: last, limit: Self.page)
            for start in stride(from: 0, to: places.count, by: Self.batch) {
                let part = Array(places[start..<min(start + Self.batch, places.count)])
                let found = try await conversations.find(kind, part.map(\.id), names)
                let chats = Dictionary(found.map { ($0.id, $0) }) { $1 }
                for place in part {
                    guard let chat = chats[place.id] else { continue }
                    if !isOpen || !place.isTogether(with: last) {
                        try await body.write((isOpen ? "]}\n" : "") + head(of: place.workspace))
                        isOpen = true
                    }
                    try await body.write(turns(of: chat))
                    last = place
                }
            }
            guard let end = places.last, places.count == Self.page else { break }
            last = end
        }
        if isOpen { try await body.write("]}") }
    }

    private func head(of workspace: Workspace.ID) -> String {
        let message: JSON = ["role": "system", "content": [text(instruction(of: workspace))]]
        return #"{"messages":["# + message.text
    }

    private func turns(of chat: ExportedChat) -> String {
        let pictures = chat.attachments.map(\.exported)
        let question: JSON = ["role": "user", "content": .array([text(chat.prompt)] + pictures)]
        let answer: JSON = ["role": "assistant", "content": [text(chat.answer)]]
        return "," + question.text + "," + answer.text
    }

    private func text(_ text: String) -> JSON { ["type": "text", "text": .string(text)] }
}

extension MediaAttachment {
    fileprivate var exported: JSON { ["type": "image", "image": .string(url)] }
}

extension ExportedChat {
    fileprivate var ratingText: String { rating.map { $0 ? "GOOD" : "BAD" } ?? "--" }
}
