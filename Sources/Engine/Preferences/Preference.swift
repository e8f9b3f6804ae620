package import Domain

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
        /// Fields to change; an empty text takes one away.
        case fields([Attribute])
        /// Changes to a list of entries.
        case entries([[Attribute]])
        /// What cannot be meant, with the reason.
        case invalid(String)
    }

    enum Form: Sendable {
        case text
        case address
        case flag(on: String, off: String)
        case number(ClosedRange<Double>)
        /// A number whose fraction is cut off, and which counts as the upper bound where it is above.
        case cappedNumber(ClosedRange<Double>)
        case choice([String])
        /// Names, kept with commas between them.
        case names
        /// JSON that is kept as it is.
        case composite
        /// Fields that are merged into those stored.
        case configuration(AgentConfiguration)
        /// Databases that agents may ask; entries are changed one by one.
        case connections
    }

    /// How a preference comes, beyond single values and lists of texts.
    package enum Shape: Sendable { case plain, json, fields, entries }

    /// What comes of a preference in this version.
    enum Effect: Sendable {
        case inForce
        /// `GET /v1/system` tells it, and that is all.
        case reported
        case none
    }

    package let name: String
    let form: Form
    /// Encrypted at rest and never shown.
    var isSecret = false
    /// Whether managers may change it, too.
    var isForManagers = false
    /// The variable that it is kept under where the settings read it.
    var variable: String?
    var effect = Effect.none

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
            variable: SettingsSnapshot.chunkSizeVariable, effect: .inForce),
        Preference(
            name: "text_splitter_chunk_overlap", form: .number(0...1_000_000),
            variable: SettingsSnapshot.chunkOverlapVariable, effect: .inForce),
        Preference(name: "agent_search_provider", form: .choice(searchProviders)),
        Preference(name: "default_agent_skills", form: .names),
        Preference(name: "disabled_agent_skills", form: .names),
        Preference(name: "disabled_filesystem_skills", form: .names),
        Preference(name: "disabled_create_files_skills", form: .names),
        Preference(name: "disabled_gmail_skills", form: .names),
        Preference(name: "disabled_google_calendar_skills", form: .names),
        Preference(name: "disabled_outlook_skills", form: .names),
        Preference(name: "gmail_agent_config", form: .configuration(.google), isSecret: true),
        Preference(name: "google_calendar_agent_config", form: .configuration(.google), isSecret: true),
        Preference(name: "outlook_agent_config", form: .configuration(.outlook), isSecret: true),
        Preference(name: "agent_sql_connections", form: .connections, isSecret: true),
        Preference(
            name: "agent_clarifying_questions_enabled", form: .flag(on: "true", off: "false"), effect: .reported),
        Preference(name: "agent_clarifying_questions_max_per_turn", form: .cappedNumber(1...10), effect: .reported),
        Preference(
            name: "default_system_prompt", form: .text, variable: SettingsSnapshot.systemPromptVariable,
            effect: .inForce),
        Preference(name: "meta_page_title", form: .text, isForManagers: true),
        Preference(name: "meta_page_favicon", form: .address, isForManagers: true),
        Preference(
            name: "experimental_live_file_sync", form: .flag(on: "enabled", off: "disabled"),
            variable: SettingsSnapshot.watchingVariable, effect: .inForce),
        Preference(name: "hub_api_key", form: .text, isSecret: true),
        Preference(name: "memory_enabled", form: .flag(on: "true", off: "false"), effect: .reported),
        Preference(name: "memory_auto_extraction", form: .flag(on: "true", off: "false"), effect: .reported),
    ]

    /// Whatever is not plain may come as text of JSON, too.
    package var shape: Shape {
        switch form {
        case .composite: .json
        case .configuration: .fields
        case .connections: .entries
        default: .plain
        }
    }

    /// Whether pages for people may read it, see `Preferences.readable`.
    package var isReadable: Bool { !["hub_api_key", "logo_filename", "telemetry_id"].contains(name) }

    /// For people, where the preference is stored and that does not do what they may expect.
    var warning: String? {
        switch effect {
        case .inForce: nil
        case .reported: "\(name) is stored and reported, but this version does nothing with it."
        case .none: "\(name) is stored, but this version does nothing with it."
        }
    }

    package static func named(_ name: String) -> Preference? { all.first { $0.name == name } }

    // MARK: Reading what was sent

    private static let maximumLength = 100_000

    /// The text to keep; `nil` takes the preference away.
    ///
    /// - Throws: `invalid` with the reason.
    func value(of sent: Sent) throws(ServiceError) -> String? {
        if sent == .null || sent == .text("") { return nil }
        // As other programs say that there is no provider.
        if case .choice = form, sent == .text("none") { return nil }
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
        case (.cappedNumber(let range), _):
            return try number(sent, in: range) { min($0.rounded(.down), range.upperBound) }
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

    private func number(
        _ sent: Sent, in range: ClosedRange<Double>, fitting fit: (Double) -> Double = { $0 }
    ) throws(ServiceError) -> String {
        let number: Double? =
            switch sent {
            case .number(let number): number
            case .text(let text): numericValue(of: text)
            default: nil
            }
        guard let number = number.map(fit), range.contains(number), let whole = Int(exactly: number) else {
            throw ServiceError.invalid(
                "must be a whole number from \(Int(range.lowerBound)) to \(Int(range.upperBound))")
        }
        return String(whole)
    }

    private var expectation: String {
        switch form {
        case .text, .choice: "a text"
        case .address: "an http or https address"
        case .flag: "true or false"
        case .number, .cappedNumber: "a number"
        case .names: "an array of texts, or a text with commas"
        case .composite: "an object, an array or JSON text"
        case .configuration: "an object or JSON text of one"
        case .connections: "an array of objects or JSON text of one"
        }
    }
}
