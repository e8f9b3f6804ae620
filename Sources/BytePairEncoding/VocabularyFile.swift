package import Domain
import Foundation
import Synchronization

/// A vocabulary that is loaded when it is needed first. Where its file is missing or damaged, there is none.
package final class VocabularyFile: Sendable {
    private enum State {
        case unread
        case loaded(BytePairEncoder?)
    }

    private let path: String
    private let report: @Sendable (ServiceError) -> Void
    private let state = Mutex(State.unread)

    /// - Parameter report: is told once why a file that is there cannot be used.
    package init(path: String, report: @escaping @Sendable (ServiceError) -> Void = { _ in }) {
        self.path = path
        self.report = report
    }

    /// Takes tens of milliseconds the first time, while others wait.
    package var vocabulary: (any TokenVocabulary)? {
        state.withLock { state in
            if case .loaded(let encoder) = state { return encoder }
            let encoder = load()
            state = .loaded(encoder)
            return encoder
        }
    }

    private func load() -> BytePairEncoder? {
        guard FileManager.default.fileExists(atPath: path) else { return nil }
        do throws(ServiceError) { return try BytePairEncoder(file: path) } catch {
            report(error)
            return nil
        }
    }
}
