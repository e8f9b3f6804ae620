import Domain

/// A preference that `POST /v1/admin/preferences` takes: what it is called, what it accepts, how it is kept.
package struct Preference: Sendable {
    /// What was sent for a preference. Whatever has parts comes as JSON text: nothing here looks into it but `Form`.
    package enum Sent: Sendable, Equatable {
        case null
        case bool(Bool)
        case number(Double)
        case text(String)
        case list([String])
        /// An object, or a list that holds more than texts, as JSON.
        case composite(String)
        /// What cannot be meant, with the reason.
        case invalid(String)
    }

    enum Form: Sendable {
        case text
        case address
        case flag(on: String, off: String)
        case number(ClosedRange<Double>)
        case choice([String])
        /// Names, kept with commas between them.
        case names
        /// JSON that is kept as it is.
        case composite
    }

    package let name: String
    let form: Form
    /// Encrypted at rest and never shown.
    var isSecret = false
    /// Whether managers may change it, too.
    var isForManagers = false
    /// The variable that it is kept under where the settings read it.
    var variable: String?

    private static let searchProviders = [
        "google-search-engine", "serpapi", "searchapi", "serper-dot-dev", "bing-search", "baidu-search",
        "serply-engine",
        "searxng-engine", "tavily-search", "duckduckgo-engine", "exa-search", "perplexity-search", "brave-search",
        "crw-search", "you-search",
    ]

    package static let all: [Preference] = [
        Preference(name: "support_email", form: .text, isForManagers: true),
        Preference(name: "custom_app_name", form: .text, isForManagers: true),
        Preference(name: "logo_filename", form: .text),
        Preference(name: "telemetry_id", form: .text),
        Preference(name: "footer_data", form: .composite, isForManagers: true),
        Preference(
            name: "text_splitter_chunk_size", form: .number(1...1_000_000),
            variable: SettingsSnapshot.chunkSizeVariable),
        Preference(
            name: "text_splitter_chunk_overlap", form: .number(0...1_000_000),
            variable: SettingsSnapshot.chunkOverlapVariable),
        Preference(name: "agent_search_provider", form: .choice(searchProviders)),
        Preference(name: "default_agent_skills", form: .names),
        Preference(name: "disabled_agent_skills", form: .names),
        Preference(name: "disabled_filesystem_skills", form: .names),
        Preference(name: "disabled_create_files_skills", form: .names),
        Preference(name: "disabled_gmail_skills", form: .names),
        Preference(name: "disabled_google_calendar_skills", form: .names),
        Preference(name: "disabled_outlook_skills", form: .names),
        Preference(name: "gmail_agent_config", form: .composite, isSecret: true),
        Preference(name: "google_calendar_agent_config", form: .composite, isSecret: true),
        Preference(name: "outlook_agent_config", form: .composite, isSecret: true),
        Preference(name: "agent_sql_connections", form: .composite, isSecret: true),
        Preference(name: "agent_clarifying_questions_enabled", form: .flag(on: "true", off: "false")),
        Preference(name: "agent_clarifying_questions_max_per_turn", form: .number(1...10)),
        Preference(name: "default_system_prompt", form: .text, variable: SettingsSnapshot.systemPromptVariable),
        Preference(name: "meta_page_title", form: .text, isForManagers: true),
        Preference(name: "meta_page_favicon", form: .address, isForManagers: true),
        Preference(name: "experimental_live_file_sync", form: .flag(on: "enabled", off: "disabled")),
        Preference(name: "hub_api_key", form: .text, isSecret: true),
        Preference(name: "memory_enabled", form: .flag(on: "true", off: "false")),
        Preference(name: "memory_auto_extraction", form: .flag(on: "true", off: "false")),
    ]

    /// Whether the value has parts, and may come as text of JSON.
    package var takesJSON: Bool { if case .composite = form { true } else { false } }

    package static func named(_ name: String) -> Preference? { all.first { $0.name == name } }

    // MARK: Reading what was sent

    private static let maximumLength = 100_000

    /// The text to keep; `nil` takes the preference away.
    ///
    /// - Throws: `invalid` with the reason.
    func value(of sent: Sent) throws(ServiceError) -> String? {
        if sent == .null || sent == .text("") { return nil }
        if case .invalid(let reason) = sent { throw ServiceError.invalid(reason) }
        let value = try read(sent)
        guard value.utf16.count <= Self.maximumLength else {
            throw ServiceError.invalid("must have at most \(Self.maximumLength) characters")
        }
        return value
    }

    private func read(_ sent: Sent) throws(ServiceError) -> String {
        switch (form, sent) {
        case (.text, .text(let text)):
            let trimmed = text.trimmed
            if name == "logo_filename", trimmed.contains(where: { "/\\".contains($0) }) {
                throw ServiceError.invalid("must be a file name")
            }
            guard !trimmed.isEmpty else { throw ServiceError.invalid("must not be blank") }
            return trimmed
        case (.address, .text(let text)):
            guard WebAddress(text)?.isWeb == true else {
                throw ServiceError.invalid("must be an http or https address")
            }
            return text
        case (.flag(let on, let off), _): return try flag(sent) ? on : off
        case (.number(let range), _): return try number(sent, in: range)
        case (.choice(let known), .text(let text)):
            guard known.contains(text) else {
                throw ServiceError.invalid("must be one of \(known.joined(separator: ", "))")
            }
            return text
        case (.names, .list(let names)): return names.map(\.trimmed).joined(separator: ",")
        case (.names, .text(let text)):
            return text.split(separator: ",").map { String($0).trimmed }.joined(separator: ",")
        case (.composite, .composite(let json)), (.composite, .text(let json)): return json
        case (.composite, .list(let texts)) where texts.isEmpty: return "[]"
        default: throw ServiceError.invalid("must be \(expectation)")
        }
    }

    private func flag(_ sent: Sent) throws(ServiceError) -> Bool {
        switch sent {
        case .bool(let flag): return flag
        case .text("true"), .text("enabled"), .number(1), .text("1"): return true
        case .text("false"), .text("disabled"), .number(0), .text("0"): return false
        default: throw ServiceError.invalid("must be true or false")
        }
    }

    private func number(_ sent: Sent, in range: ClosedRange<Double>) throws(ServiceError) -> String {
        let number: Double? =
            switch sent {
            case .number(let number): number
            case .text(let text): numericValue(of: text)
            default: nil
            }
        guard let number, range.contains(number) else {
            throw ServiceError.invalid("must be a number from \(Int(range.lowerBound)) to \(Int(range.upperBound))")
        }
        return String(Int(number.rounded(.down)))
    }

    private var expectation: String {
        switch form {
        case .text, .choice: "a text"
        case .address: "an http or https address"
        case .flag: "true or false"
        case .number: "a number"
        case .names: "an array of texts, or a text with commas"
        case .composite: "an object, an array or JSON text"
        }
    }
}
