import Domain
import Engine
import HTTPTypes
import OrderedJSON
import Persistence

extension Workspace {
    /// The workspace as every endpoint shows it.
    var row: JSONObject {
        [
            "id": .integer(id),
            "name": .string(settings.name),
            "slug": .string(slug),
            "vectorTag": nil,
            "createdAt": .string(createdAt.iso8601),
            "openAiTemp": JSON(settings.temperature),
            "openAiHistory": JSON(settings.historyLimit),
            "lastUpdatedAt": .string(lastUpdatedAt.iso8601),
            "openAiPrompt": JSON(settings.systemPrompt),
            "similarityThreshold": .number(settings.similarityThreshold),
            "chatProvider": JSON(settings.chatProvider),
            "chatModel": JSON(settings.chatModel),
            "topN": JSON(settings.resultLimit),
            "chatMode": .string(settings.chatMode.rawValue),
            "pfpFilename": nil,
            "agentProvider": JSON(settings.agentProvider),
            "agentModel": JSON(settings.agentModel),
            "queryRefusalResponse": JSON(settings.queryRefusalResponse),
            "vectorSearchMode": .string(settings.vectorSearchMode.rawValue),
            "router_id": JSON(settings.routerID),
        ]
    }
}

extension WorkspaceDocument {
    var json: JSON {
        [
            "id": .integer(id),
            "docId": .string(docID),
            "filename": .string(document.path.name),
            "docpath": .string(document.path.text),
            "workspaceId": .integer(workspaceID),
            "metadata": .string(JSON.object(document.listing).text),
            "pinned": .bool(isPinned),
            "watched": .bool(isWatched),
            "createdAt": .string(createdAt.iso8601),
            "lastUpdatedAt": .string(lastUpdatedAt.iso8601),
        ]
    }
}

/// Reads the settings of a workspace out of a request: never an error, always coerced, as the wire has it.
struct WorkspaceSettingsPayload {
    let payload: RequestPayload

    private static let keys = [
        "name", "openAiTemp", "openAiHistory", "similarityThreshold", "topN", "chatMode", "chatProvider", "chatModel",
        "agentProvider", "agentModel", "openAiPrompt", "queryRefusalResponse", "vectorSearchMode", "router_id",
        "lastUpdatedAt",
    ]
    /// UTF-16 code units.
    private static let maximumNameLength = 255

    var hasWritableKey: Bool { Self.keys.contains { payload[$0] != nil } }

    /// `settings` with what the request sets. A key that is there with null, or with something unfit, takes its default.
    func applied(to settings: WorkspaceSettings) -> WorkspaceSettings {
        var result = settings
        let standard = WorkspaceSettings(name: "")
        if let name = payload["name"] { result.name = Self.name(name) ?? settings.name }
        if let value = payload["openAiTemp"] { result.temperature = value.looseNumber.flatMap { $0 < 0 ? nil : $0 } }
        if let value = payload["openAiHistory"] {
            result.historyLimit = max(0, Self.integer(value) ?? standard.historyLimit)
        }
        if let value = payload["similarityThreshold"] {
            result.similarityThreshold = min(1, max(0, value.looseNumber ?? standard.similarityThreshold))
        }
        if let value = payload["topN"] {
            result.resultLimit = min(Retriever.maximumLimit, max(1, Self.integer(value) ?? standard.resultLimit))
        }
        if let value = payload["chatMode"] {
            result.chatMode = value.stringValue.flatMap(ChatMode.init(rawValue:)) ?? .automatic
        }
        if let value = payload["openAiPrompt"] { result.systemPrompt = Self.text(value) }
        if let value = payload["queryRefusalResponse"] { result.queryRefusalResponse = Self.text(value) }
        if let value = payload["vectorSearchMode"] {
            result.vectorSearchMode = value.stringValue.flatMap(VectorSearchMode.init(rawValue:)) ?? .default
        }
        if let value = payload["router_id"] { result.routerID = Self.integer(value).map(Int64.init) }
        applyModels(to: &result)
        return result
    }

    private func applyModels(to result: inout WorkspaceSettings) {
        if let value = payload["chatModel"] { result.chatModel = Self.text(value) }
        if let value = payload["agentModel"] { result.agentModel = Self.text(value) }
        if let value = payload["agentProvider"] { result.agentProvider = Self.provider(value) }
        guard let value = payload["chatProvider"] else { return }
        result.chatProvider = Self.provider(value)
        if value == "default" || result.chatProvider == "anythingllm-router" {
            result.chatModel = nil
        } else if result.chatProvider != nil {
            result.routerID = nil
        }
    }

    /// What is said of providers that nobody knows; `nil` where there are none.
    var warning: String? {
        let unknown = ["chatProvider", "agentProvider"].filter { key in
            guard let name = payload[key].flatMap(Self.text) else { return false }
            return !["none", "default"].contains(name) && Self.provider(.string(name)) == nil
        }
        return unknown.isEmpty
            ? nil : "\(unknown.joined(separator: " and ")): there is no such provider; the system's is used."
    }

    /// The name of a new workspace, in full.
    static func requiredName(_ value: JSON?) throws(APIError) -> String {
        switch value ?? .null {
        case .string(let name) where !name.isEmpty: return name
        case .null, .string, .bool(false), .integer(0): throw refusal("name cannot be null")
        default: throw refusal("name must be a string")
        }
    }

    private static func refusal(_ message: String) -> APIError {
        APIError(.badRequest, body: ["workspace": nil, "message": .string(message)])
    }

    private static func name(_ value: JSON) -> String? {
        guard let name = value.stringValue, !name.isEmpty else { return "My Workspace" }
        // A name of blanks would be no name; the old one stays.
        return name.trimmed.isEmpty ? nil : shortened(name)
    }

    /// Cuts between characters; a first character that is longer than a name by itself is cut between its parts.
    static func shortened(_ name: String) -> String {
        guard name.utf16.count > maximumNameLength else { return name }
        let whole = String(prefix(of: name, length: \.utf16.count))
        if !whole.isEmpty { return whole }
        return String(String.UnicodeScalarView(prefix(of: name.unicodeScalars, length: \.utf16.count)))
    }

    private static func prefix<Text: Collection>(of text: Text, length: (Text.Element) -> Int) -> Text.SubSequence {
        var rest = maximumNameLength
        return text.prefix { element in
            rest -= length(element)
            return rest >= 0
        }
    }

    /// A whole number of 32 bits, which is what every database holds; a fraction is cut off.
    private static func integer(_ value: JSON) -> Int? {
        value.looseNumber.map { Int(min(2_147_483_647, max(-2_147_483_648, $0))) }
    }

    private static func text(_ value: JSON) -> String? {
        value.stringValue.flatMap { $0.isEmpty ? nil : $0 }
    }

    /// A provider that nobody knows would make every chat fail, so it counts as none.
    private static func provider(_ value: JSON) -> String? {
        text(value).flatMap { SettingChoice.languageModels.values.contains($0) ? $0 : nil }
    }
}
