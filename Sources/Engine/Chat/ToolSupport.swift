import Domain
import Synchronization

/// Remembers for a while which models refused a request because it offered tools: endpoints that speak the dialect do not
/// say beforehand whether they take them, and may take them after an update.
final class ToolSupport: Sendable {
    /// Tokens: in a smaller window, the tools and what they say would drive out the passages.
    private static let leastWindow = 3000

    private let memory: Duration
    private let now: @Sendable () -> ContinuousClock.Instant
    /// Until when each model is not offered tools.
    private let refusing = Mutex<[String: ContinuousClock.Instant]>([:])

    init(memory: Duration = .seconds(600), now: @escaping @Sendable () -> ContinuousClock.Instant = { .now }) {
        self.memory = memory
        self.now = now
    }

    func takesTools(_ model: any LanguageModel) -> Bool {
        guard model.supportsTools, model.contextWindow >= Self.leastWindow else { return false }
        let now = now()
        return refusing.withLock { $0[Self.name(of: model)].map { $0 <= now } ?? true }
    }

    /// The model failed when it was offered tools and answered without them. An outage that was over by then says nothing
    /// about what it takes.
    func refused(_ error: ServiceError, by model: any LanguageModel) {
        guard Self.isAboutTools(error) else { return }
        let end = now() + memory
        refusing.withLock { $0[Self.name(of: model)] = end }
    }

    /// Whether the provider refused the request and speaks of tools as the reason.
    private static func isAboutTools(_ error: ServiceError) -> Bool {
        guard let status = error.providerStatus, (400..<500).contains(status) else { return false }
        return error.message.contains(/(?i)\b(tools?|tool_choice|functions?|function_call)\b/)
    }

    private static func name(of model: any LanguageModel) -> String { "\(model.providerName)/\(model.modelID)" }
}
