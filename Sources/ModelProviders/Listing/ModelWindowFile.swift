package import Domain
import FoundationEssentials
import OrderedJSON
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The file that says how large the windows of models are; it may be replaced while the server runs.
///
/// Source of the format: LiteLLM's `model_prices_and_context_window.json`, an object with a member for each model,
/// `{"max_input_tokens":…,"litellm_provider":…}`. Members without the two are passed over.
package final class ModelWindowFile: Sendable {
    package static let usualName = "model_prices_and_context_window.json"
    /// In bytes; the file has one and a half megabytes.
    private static let maximumLength = 64 << 20
    package static let usualPatience = Duration.seconds(10)

    private struct State {
        var table = ModelWindowTable.empty
        /// Of the file that was read last; `nil` where there was none.
        var version: Version?
        var nextLook = ContinuousClock.now
    }

    private struct Version: Equatable {
        /// When the file was changed, since 1970.
        let seconds: Int
        let nanoseconds: Int
        let length: Int
    }

    private let path: String
    private let patience: Duration
    private let report: @Sendable (String) -> Void
    private let state = Mutex(State())

    /// - Parameters:
    ///   - path: of a file that need not be there.
    ///   - patience: how long the file is not looked at again.
    ///   - report: is told once of each version that cannot be used; the one before it goes on to hold.
    package init(
        path: String, patience: Duration = ModelWindowFile.usualPatience,
        report: @escaping @Sendable (String) -> Void = { _ in }
    ) {
        self.path = path
        self.patience = patience
        self.report = report
    }

    /// Takes tens of milliseconds after the file has changed, while others wait.
    package var table: ModelWindowTable {
        state.withLock { state in
            let now = ContinuousClock.now
            guard now >= state.nextLook else { return state.table }
            state.nextLook = now + patience
            let current = self.version()
            guard current != state.version else { return state.table }
            state.version = current
            guard let current else {
                state.table = .empty
                return state.table
            }
            if let table = read(current) {
                state.table = table
            } else {
                report("It is not in the form of LiteLLM's table, or longer than \(Self.maximumLength) bytes.")
            }
            return state.table
        }
    }

    private func version() -> Version? {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        #if canImport(Darwin)
            let time = status.st_mtimespec
        #else
            let time = status.st_mtim
        #endif
        return Version(
            seconds: Int(time.tv_sec), nanoseconds: Int(time.tv_nsec), length: Int(clamping: status.st_size))
    }

    private func read(_ version: Version) -> ModelWindowTable? {
        guard version.length <= Self.maximumLength, let bytes = FileManager.default.contents(atPath: path),
            let models = (try? JSON(parsing: bytes))?.objectValue
        else { return nil }
        var table = ModelWindowTable()
        for model in models.members {
            guard let vendor = model.value["litellm_provider"]?.stringValue,
                let window = model.value["max_input_tokens"]?.integerValue, (1...1_000_000_000).contains(window)
            else { continue }
            table.add(model.key, of: vendor, window: Int(window))
        }
        return table.isEmpty ? nil : table
    }
}
