/// What `GET /v1/system` tells besides the settings; the raw value is its key there.
package enum SystemFact: String, Sendable, CaseIterable {
    case requiresAuth = "RequiresAuth"
    /// Known to the contract and never sent: a path of this machine is nobody's business.
    case storageDirectory = "StorageDir"
    case multiUserMode = "MultiUserMode"
    case memoryEnabled = "MemoryEnabled"
    case memoryAutoExtraction = "MemoryAutoExtraction"
    case hasExistingEmbeddings = "HasExistingEmbeddings"
    case hasCachedEmbeddings = "HasCachedEmbeddings"
    case languageModel = "LLMModel"
    case nvidiaNIMTokenLimit = "NvidiaNimLLMTokenLimit"
    case chatHistoryHidden = "DisableViewChatHistory"
    case workspaceDeletionProtected = "WorkspaceDeletionProtection"
    case simpleSSOEnabled = "SimpleSSOEnabled"
    case simpleSSOWithoutLogin = "SimpleSSONoLogin"
    case simpleSSORedirect = "SimpleSSONoLoginRedirect"
    case clarifyingQuestionsEnabled = "AgentClarifyingQuestionsEnabled"
    case clarifyingQuestionsPerTurn = "AgentClarifyingQuestionsMaxPerTurn"
}

/// The facts that live in the database; the others follow from the settings themselves.
package struct StoredFacts: Sendable {
    package var multiUserMode = false
    /// Whether a password was set through the API; `nil` leaves it to the environment.
    package var hasOwnerPassword: Bool?
    package var memoryEnabled = false
    package var memoryAutoExtraction = true
    /// At least one document is in a workspace.
    package var hasExistingEmbeddings = false
    /// At least one embedding is kept for use again.
    package var hasCachedEmbeddings = false
    package var clarifyingQuestionsEnabled = false
    package var clarifyingQuestionsPerTurn = 3

    package init() {}
}
