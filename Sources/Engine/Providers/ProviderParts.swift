/// Where a vendor's server is.
struct BaseAddress: Sendable {
    enum Source: Sendable {
        case fixed(String)
        case variable(String)
        /// Of a resource of Azure OpenAI; see ``AzureResource``.
        case azureResource(String)
    }

    let source: Source
    /// The path that the address is brought down to, `v1` say; `nil` takes it as it is set.
    var ending: String?
    /// What is said where none is set.
    var missing = ""

    static func fixed(_ address: String) -> BaseAddress { BaseAddress(source: .fixed(address)) }

    static func set(_ variable: String, endingIn ending: String? = nil, else missing: String) -> BaseAddress {
        BaseAddress(source: .variable(variable), ending: ending, missing: missing)
    }

    static func azureResource(_ variable: String, else missing: String) -> BaseAddress {
        BaseAddress(source: .azureResource(variable), missing: missing)
    }

    var variable: String? {
        switch source {
        case .fixed: nil
        case .variable(let name), .azureResource(let name): name
        }
    }
}

/// A key that a vendor asks for.
struct Credential: Sendable {
    let variable: String
    /// What is said where it is needed and not set; `nil` where requests may go without.
    let missing: String?

    /// - Parameter vendor: as the contract's message names it.
    static func required(_ variable: String, of vendor: String) -> Credential {
        Credential(variable: variable, missing: "No \(vendor) API key was set.")
    }

    static func required(_ variable: String, else missing: String) -> Credential {
        Credential(variable: variable, missing: missing)
    }

    static func optional(_ variable: String) -> Credential { Credential(variable: variable, missing: nil) }
}

/// Which model of a vendor is used.
struct ModelChoice: Sendable {
    let variable: String?
    /// Read where the first one is not set.
    var otherVariable: String?
    /// Used where none is set.
    var standard: String?
    /// What is said where one is needed and not set; `nil` where the server may choose.
    var missing: String?

    /// The server has one model and takes no name.
    static let none = ModelChoice(variable: nil)

    static func set(
        _ variable: String, or otherVariable: String? = nil, standard: String? = nil, else missing: String? = nil
    ) -> ModelChoice {
        ModelChoice(variable: variable, otherVariable: otherVariable, standard: standard, missing: missing)
    }

    /// The one that there is.
    static func fixed(_ model: String) -> ModelChoice { ModelChoice(variable: nil, standard: model) }

    /// `EMBEDDING_MODEL_PREF`, which all embedding engines share.
    static func embedding(standard: String? = nil, else missing: String? = nil) -> ModelChoice {
        .set("EMBEDDING_MODEL_PREF", standard: standard, else: missing)
    }

    var variables: [String] { [variable, otherVariable].compactMap(\.self) }
}

/// A number that operators may set.
struct Amount: Sendable {
    let variable: String?
    let standard: Int

    static func fixed(_ number: Int) -> Amount { Amount(variable: nil, standard: number) }
    static func set(_ variable: String, else standard: Int) -> Amount {
        Amount(variable: variable, standard: standard)
    }
}

/// How many tokens prompt and answer may have together.
enum ContextWindow: Sendable {
    case fixed(Int)
    case set(String, else: Int)
    /// What is known of the model by its id; see ``ModelWindowTable``.
    ///
    /// - Parameter vendors: as LiteLLM's table names them.
    case known(by: [String] = [], else: Int)
    /// The number that is set, else what is known of the model.
    case setOrKnown(String, by: [String] = [], else: Int)

    var variable: String? {
        switch self {
        case .set(let name, _), .setOrKnown(let name, _, _): name
        case .fixed, .known: nil
        }
    }
}

extension String {
    /// What is said where a setting is missing that making pictures needs.
    static func imageSetting(_ variable: String) -> String {
        "The image generation provider needs \(variable), which is not set."
    }
}
