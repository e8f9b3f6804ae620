import Domain
import Synchronization

/// Remembers which models refused a request because it offered tools: endpoints that speak the dialect do not say
/// beforehand whether they take them.
final class ToolSupport: Sendable {
    private let refusing = Mutex<Set<String>>([])

    func takesTools(_ model: any LanguageModel) -> Bool {
        model.supportsTools && model.contextWindow >= Self.leastWindow
            && !refusing.withLock { $0.contains(Self.name(of: model)) }
    }

    func refused(by model: any LanguageModel) {
        refusing.withLock { _ = $0.insert(Self.name(of: model)) }
    }

    /// Tokens: in a smaller window, the tools and what they say would drive out the passages.
    private static let leastWindow = 3000

    private static func name(of model: any LanguageModel) -> String { "\(model.providerName)/\(model.modelID)" }
}
