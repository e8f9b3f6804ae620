import Domain
import Foundation
import Synchronization

/// What has become of the files so far.
final class IngestReport: Sendable {
    enum Outcome: Sendable, Equatable {
        case new, changed, unchanged
        /// Was there, and is in further workspaces now.
        case added
        /// Is there already as another document.
        case elsewhere(String)
        case removed
        /// Would be sent.
        case wanted
        /// Would be put into further workspaces.
        case wantedInWorkspace
        case failed(String)
    }

    private struct State {
        var counts: [String: Int] = [:]
        var skipped: [FileWalker.Skipped] = []
        /// By path: a file that fares better later has not failed any more.
        var failures: [String: String] = [:]
        var sentBytes = 0
    }

    private let state = Mutex(State())
    private let start = ContinuousClock.now

    func note(_ outcome: Outcome, of path: String) {
        state.withLock { state in
            state.failures[path] = nil
            switch outcome {
            case .failed(let message): state.failures[path] = message
            default: state.counts[outcome.word, default: 0] += 1
            }
        }
    }

    /// What was passed over at the latest look.
    func note(skipped: [FileWalker.Skipped]) { state.withLock { $0.skipped = skipped } }

    /// A file that is gone has not failed any more.
    func forget(_ path: String) { state.withLock { $0.failures[path] = nil } }

    func noteSent(_ bytes: Int) { state.withLock { $0.sentBytes += bytes } }

    var hasFailures: Bool { state.withLock { !$0.failures.isEmpty } }

    // MARK: For people

    private static let words = ["to be sent", "to be added", "new", "changed", "unchanged", "added", "removed"]
    /// Failures that are told once more at the end.
    private static let repeatedFailures = 50

    /// - Parameter repeatsFailures: whether each is told once more.
    func summary(repeatsFailures: Bool) -> String {
        let state = state.withLock { $0 }
        let isTrial = state.counts["to be sent"] != nil || state.counts["to be added"] != nil
        let always = isTrial ? ["unchanged"] : ["new", "changed", "unchanged"]
        let words = Self.words.compactMap { word -> String? in
            let count = state.counts[word] ?? 0
            return count > 0 || always.contains(word) ? "\(count) \(word)" : nil
        }
        let ends = ["\(state.skipped.count) skipped", "\(state.failures.count) failed"]
        let time = HumanText.duration(start.duration(to: .now))
        var lines = ["\((words + ends).joined(separator: ", ")); \(HumanText.bytes(state.sentBytes)) sent in \(time)"]
        for (reason, count) in Self.reasons(state.skipped) { lines.append("  skipped: \(count) \(reason)") }
        if repeatsFailures {
            for (path, message) in state.failures.sorted(by: { $0.key < $1.key }).prefix(Self.repeatedFailures) {
                lines.append("  failed: \(path.escapedForTerminal): \(message.escapedForTerminal)")
            }
            let rest = state.failures.count - Self.repeatedFailures
            if rest > 0 { lines.append("  failed: \(rest) more") }
        }
        return lines.joined(separator: "\n")
    }

    /// Extensions that are named.
    private static let namedTypes = 8

    private static func reasons(_ skipped: [FileWalker.Skipped]) -> [(String, Int)] {
        var types: [String: Int] = [:]
        var counts: [(String, Int)] = []
        for word in FileWalker.Skipped.Reason.words {
            let count = skipped.count { $0.reason.word == word }
            if count > 0 { counts.append((word, count)) }
        }
        for case .type(let name) in skipped.map(\.reason) { types[name, default: 0] += 1 }
        guard !types.isEmpty else { return counts }
        let sorted = types.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
        let named = sorted.prefix(namedTypes).map { $0.key.isEmpty ? "without extension" : $0.key.escapedForTerminal }
        let ending = sorted.count > namedTypes ? " and others" : ""
        return [
            (
                "of types that the server does not list (\(named.joined(separator: ", "))\(ending); --all-types sends them)",
                types.values.reduce(0, +)
            )
        ] + counts
    }
}

extension IngestReport.Outcome {
    /// Whether nothing has happened but that it was said.
    var isTrial: Bool { self == .wanted || self == .wantedInWorkspace }

    var word: String {
        switch self {
        case .new: "new"
        case .changed: "changed"
        case .unchanged, .elsewhere: "unchanged"
        case .added: "added"
        case .removed: "removed"
        case .wanted: "to be sent"
        case .wantedInWorkspace: "to be added"
        case .failed: "failed"
        }
    }
}

extension FileWalker.Skipped.Reason {
    /// In the order of summaries; types are told apart there.
    fileprivate static let words = [
        "hidden", "left out by --exclude", "empty", "links", "neither files nor directories",
        "whose names are not UTF-8",
    ]

    fileprivate var word: String {
        switch self {
        case .hidden: "hidden"
        case .excluded: "left out by --exclude"
        case .empty: "empty"
        case .link: "links"
        case .special: "neither files nor directories"
        case .notText: "whose names are not UTF-8"
        case .type: ""
        }
    }

    /// For people, behind the path.
    var text: String {
        switch self {
        case .hidden: "hidden"
        case .excluded: "left out by --exclude"
        case .empty: "empty"
        case .link(let target): "a link \(target)"
        case .special: "neither a file nor a directory"
        case .notText: "its name is not UTF-8"
        case .type(let name):
            (name.isEmpty ? "no extension" : "the server does not list \(name)") + "; --all-types sends it"
        }
    }

    /// Whether somebody might miss it.
    var isSurprising: Bool {
        switch self {
        case .link, .special, .notText: true
        default: false
        }
    }
}

/// Amounts as people read them.
enum HumanText {
    static func bytes(_ count: Int) -> String {
        let units = ["kB", "MB", "GB", "TB"]
        guard count >= 1000 else { return "\(count) bytes" }
        var (value, unit) = (Double(count) / 1000, 0)
        while value >= 999.5, unit < units.count - 1 {
            value /= 1000
            unit += 1
        }
        let tenths = (value * 10).rounded() / 10
        return (tenths < 10 ? "\(tenths)" : "\(Int(value.rounded()))") + " \(units[unit])"
    }

    static func duration(_ duration: Duration) -> String {
        let seconds = Int((duration / .seconds(1)).rounded())
        switch seconds {
        case ..<10:
            let tenths = Int((duration / .milliseconds(100)).rounded())
            return "\(tenths / 10).\(tenths % 10) s"
        case ..<60: return "\(seconds) s"
        case ..<3600: return "\(seconds / 60) min \(seconds % 60) s"
        default: return "\(seconds / 3600) h \(seconds % 3600 / 60) min"
        }
    }
}
