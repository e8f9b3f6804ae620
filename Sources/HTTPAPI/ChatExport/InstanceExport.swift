import Concurrency
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
        try await body.write("[")
        let isEmpty = try await writeEach(to: &body, separator: ",") { chat in
            "\n    " + entry(chat).indented(by: 4, depth: 1)
        }
        try await body.write(isEmpty ? "]" : "\n]")
    }

    private func writeTable(to body: inout StreamedBody) async throws {
        try await body.write("id,workspace,prompt,response,sent_at")
        try await body.write(kind == .workspace ? ",username,rating" : "")
        try await writeEach(to: &body, separator: "") { chat in
            let fields = [
                String(chat.id), workspaceName(of: chat), chat.prompt, chat.answer, chat.createdAt.iso8601,
                chat.username,
            ].compactMap(\.self)
            let rating = kind == .workspace ? ",\"\(chat.ratingText)\"" : ""
            return "\n" + fields.map { CSVRecord.quoted($0, isOneLine: true) }.joined(separator: ",") + rating
        }
    }

    /// - Returns: whether there was no chat at all.
    @discardableResult
    private func writeEach(
        to body: inout StreamedBody, separator: String, _ entry: @escaping @Sendable (ExportedChat) -> String
    ) async throws -> Bool {
        var last: Chat.ID = 0
        var isEmpty = true
        while true {
            let ids = try await conversations.ids(kind, filter, after: last, limit: Self.page)
            for batch in try await conversations.batches(kind, of: ids) {
                let chats = try await conversations.find(kind, batch, names)
                let texts = try await ComputePool.shared.run { chats.map(entry) }
                for text in texts {
                    if !isEmpty { try await body.write(separator) }
                    isEmpty = false
                    try await body.write(text)
                }
            }
            guard let end = ids.last, ids.count == Self.page else { return isEmpty }
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
            let placeOfChat = Dictionary(places.map { ($0.id, $0) }) { first, _ in first }
            for batch in try await conversations.batches(kind, of: places.map(\.id)) {
                let chats = try await conversations.find(kind, batch, names)
                let texts = try await ComputePool.shared.run { chats.map { turns(of: $0) } }
                for (chat, turns) in zip(chats, texts) {
                    guard let place = placeOfChat[chat.id] else { continue }
                    if !isOpen || !place.isTogether(with: last) {
                        try await body.write((isOpen ? "]}\n" : "") + head(of: place.workspace))
                        isOpen = true
                    }
                    try await body.write(turns)
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
