import Domain
import Engine
import HTTPTypes
import OrderedJSON
import Persistence

extension Embed {
    /// Everything about the embed, with what to paste into a page.
    func json(_ workspace: Workspace?, base: String) -> JSONObject {
        let warnings = settings.allowedOrigins == nil ? ["No allowlist is set: every site may show this chat."] : []
        return [
            "id": .integer(id), "uuid": .string(uuid), "enabled": .bool(settings.isEnabled),
            "chat_mode": .string(settings.mode.rawValue), "allowlist_domains": settings.originsJSON,
            "allow_model_override": .bool(settings.allowsModelOverride),
            "allow_temperature_override": .bool(settings.allowsTemperatureOverride),
            "allow_prompt_override": .bool(settings.allowsPromptOverride),
            "allowed_models": settings.allowedModels.map { .array($0.map(JSON.string)) } ?? .null,
            "show_sources": .bool(settings.showsSources),
            "max_chats_per_day": JSON(settings.maximumChatsPerDay),
            "max_chats_per_session": JSON(settings.maximumChatsPerSession),
            "message_limit": JSON(settings.historyLimit), "workspace_id": .integer(settings.workspaceID),
            "workspace_slug": JSON(workspace?.slug), "createdBy": JSON(createdBy.userID),
            "usersId": JSON(createdBy.userID), "createdAt": .string(createdAt.iso8601),
            "snippet": .string(snippet(base: base)), "warnings": .array(warnings.map(JSON.string)),
        ]
    }

    private func snippet(base: String) -> String {
        #"<script data-embed-id="\#(uuid)" data-base-api-url="\#(base)/api/embed" "#
            + #"src="\#(base)/embed/lectern-chat-widget.js"></script>"#
    }
}

extension EmbedSettings {
    fileprivate var originsJSON: JSON { allowedOrigins.map { .array($0.map(JSON.string)) } ?? .null }

    /// Applies what was sent; what was not stays as it is.
    ///
    /// - Returns: whether anything that can be set was among it.
    /// - Throws: 400 with the reason; nothing has changed then.
    mutating func apply(_ payload: RequestPayload, isNew: Bool) throws(APIError) -> Bool {
        var changed = self
        var count = 0
        func read(_ key: String, _ change: (JSON) throws(APIError) -> Void) throws(APIError) {
            guard let value = payload[key] else { return }
            try change(value)
            count += 1
        }
        try read("chat_mode") { value throws(APIError) in
            guard let mode = value.stringValue else {
                throw APIError(.badRequest, message: "chat_mode must be chat or query.")
            }
            changed.mode = mode == "chat" ? .chat : .query
        }
        try read("allowlist_domains") { value throws(APIError) in
            // Nothing but null opens an embed that is restricted.
            if value == "", !isNew, changed.allowedOrigins != nil {
                throw APIError(.badRequest, message: "Send null for allowlist_domains to allow every site.")
            }
            changed.allowedOrigins = try Self.origins(value)
        }
        try read("allowed_models") { value throws(APIError) in
            let models = value.arrayValue?.compactMap(\.stringValue)
            guard value == .null || models?.count == value.arrayValue?.count else {
                throw APIError(.badRequest, message: "allowed_models must be an array of texts or null.")
            }
            changed.allowedModels = models
        }
        try read("allow_model_override") { value throws(APIError) in
            changed.allowsModelOverride = try Self.flag(value, "allow_model_override")
        }
        try read("allow_temperature_override") { value throws(APIError) in
            changed.allowsTemperatureOverride = try Self.flag(value, "allow_temperature_override")
        }
        try read("allow_prompt_override") { value throws(APIError) in
            changed.allowsPromptOverride = try Self.flag(value, "allow_prompt_override")
        }
        try read("show_sources") { value throws(APIError) in
            changed.showsSources = try Self.flag(value, "show_sources")
        }
        try read("max_chats_per_day") { value throws(APIError) in
            changed.maximumChatsPerDay = try Self.limit(value, "max_chats_per_day")
        }
        try read("max_chats_per_session") { value throws(APIError) in
            changed.maximumChatsPerSession = try Self.limit(value, "max_chats_per_session")
        }
        try read("message_limit") { value throws(APIError) in
            changed.historyLimit = try Self.limit(value, "message_limit")
        }
        if !isNew {
            try read("enabled") { value throws(APIError) in changed.isEnabled = try Self.flag(value, "enabled") }
        }
        self = changed
        return count > 0
    }

    /// An array, a text with commas, or JSON in a text; null and an empty text allow every page.
    private static func origins(_ value: JSON) throws(APIError) -> [String]? {
        var entries: [String]
        switch value {
        case .null, "": return nil
        case .string(let text):
            if let list = try? JSON(parsing: text), list.arrayValue != nil { return try origins(list) }
            entries = text.split(separator: ",").map { String($0) }
        case .array(let items):
            entries = items.compactMap(\.stringValue)
            guard entries.count == items.count else {
                throw APIError(.badRequest, message: "allowlist_domains must hold texts.")
            }
        default: throw APIError(.badRequest, message: "allowlist_domains must be an array or a text with commas.")
        }
        guard entries.count <= maximumOrigins else {
            throw APIError(.badRequest, message: "allowlist_domains must have at most \(maximumOrigins) entries.")
        }
        var origins: [String] = []
        for entry in entries {
            do throws(ServiceError) {
                let origin = try WebOrigin(entry: entry).text
                if !origins.contains(origin) { origins.append(origin) }
            } catch {
                throw APIError(.badRequest, message: error.message)
            }
        }
        return origins
    }

    private static let maximumOrigins = 200

    private static func flag(_ value: JSON, _ name: String) throws(APIError) -> Bool {
        guard let flag = value.boolValue else {
            throw APIError(.badRequest, message: "\(name) must be true or false.")
        }
        return flag
    }

    /// A number above zero; null, zero and what is below take the limit away.
    private static func limit(_ value: JSON, _ name: String) throws(APIError) -> Int? {
        if value == .null || value == "" { return nil }
        guard let number = value.doubleValue ?? value.stringValue.flatMap(Double.init),
            let limit = Int(exactly: number), limit < Int(Int32.max)
        else { throw APIError(.badRequest, message: "\(name) must be a whole number or null.") }
        return limit > 0 ? limit : nil
    }
}

extension EmbedChat {
    /// For those who manage the embed.
    var row: JSON {
        var row = browserRow
        row["type"] = .string(mode)
        row["sources"] = .array(sources.map(\.json))
        row["metrics"] = .object(metrics?.json ?? [:])
        return .object(row)
    }

    /// As existing clients read it: everything about the answer in a text of JSON.
    var browserRow: JSONObject {
        let response: JSON = [
            "text": .string(answer), "type": .string(mode), "sources": .array(sources.map(\.json)),
            "metrics": .object(metrics?.json ?? [:]),
        ]
        var row = common
        row["response"] = .string(response.text)
        row["response_text"] = .string(answer)
        return row
    }

    private var common: JSONObject {
        var visitor = JSONObject()
        visitor["host"] = self.visitor.origin.map(JSON.string)
        visitor["ip"] = JSON(self.visitor.address)
        visitor["username"] = JSON(self.visitor.name)
        return [
            "id": .integer(id), "prompt": .string(prompt), "response": "",
            "session_id": .string(sessionID), "include": .bool(isIncluded),
            "connection_information": .string(JSON.object(visitor).text), "embed_id": .integer(embedID),
            "usersId": .null, "createdAt": .string(createdAt.iso8601),
        ]
    }

    /// For the visitor: nothing of sources or costs.
    var turns: [JSON] {
        [
            [
                "role": "user", "content": .string(prompt), "sentAt": .integer(createdAt.seconds), "attachments": [],
                "chatId": .integer(id),
            ],
            [
                "type": .string(mode), "role": "assistant", "content": .string(answer), "sources": [],
                "chatId": .integer(id), "sentAt": .integer(createdAt.seconds), "feedbackScore": .null,
                "metrics": [:],
            ],
        ]
    }
}
