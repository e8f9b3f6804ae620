import Domain
import Engine
import Foundation
import Synchronization

/// Shows how far it is: a bar where standard error is a terminal, lines where it is none.
final class IngestDisplay: Sendable {
    enum Detail: Sendable { case quiet, usual, verbose }

    private struct State {
        var progress = IngestProgress()
        /// Whether a bar stands on the terminal's last line.
        var isDrawn = false
        var notice: String?
        /// Said once for as long as it lasts.
        var saidNotice: String?
        var lineCount = 0
        /// Whether each file has a line although there is a bar.
        var tellsEach = false
    }

    private let detail: Detail
    private let hasBar: Bool
    private let state = Mutex(State())

    init(_ detail: Detail) {
        self.detail = detail
        hasBar = detail != .quiet && isatty(STDERR_FILENO) == 1
    }

    // MARK: What is told

    func begin(_ files: [LocalFile]) { change { $0.progress.begin(files) } }

    func isUnderWay(_ file: LocalFile) { change { $0.progress.current.append(file.path) } }

    func sent(_ bytes: Int, of file: LocalFile) { change { $0.progress.sent(bytes, of: file) } }

    func finish(_ file: LocalFile, _ outcome: IngestReport.Outcome) {
        change { $0.progress.finish(file) }
        tell(outcome, of: file.path)
    }

    /// A file that is not taken now and comes again.
    func postpone(_ file: LocalFile) { change { $0.progress.finish(file) } }

    func tell(_ outcome: IngestReport.Outcome, of path: String) {
        switch outcome {
        case .failed(let message): problem("\(path): \(message)")
        case .unchanged: line(outcome.word, path, always: false)
        case .elsewhere(let location): line(outcome.word, "\(path) (is there as \(location))", always: false)
        default: line(outcome.word, path, always: !hasBar || outcome.isTrial || state.withLock(\.tellsEach))
        }
    }

    /// From now on few files come.
    func tellEach() { change { $0.tellsEach = true } }

    func skipped(_ skipped: [FileWalker.Skipped]) {
        for entry in skipped where detail == .verbose || entry.reason.isSurprising {
            line("skipped", "\(entry.path) (\(entry.reason.text))", always: true)
        }
    }

    private func line(_ word: String, _ text: String, always: Bool) {
        guard always && detail != .quiet || detail == .verbose else { return }
        let padding = String(repeating: " ", count: max(1, 11 - word.count))
        say("\(word)\(padding)\(text.escapedForTerminal)")
    }

    /// What people want to know in any case.
    func say(_ text: String) { print(text, to: STDOUT_FILENO) }

    /// The same, of little importance.
    func remark(_ text: String) { if detail != .quiet { say(text) } }

    /// Why all has come to an end.
    func error(_ text: String) { print("Error: \(text.escapedForTerminal)", to: STDERR_FILENO) }

    /// Whether what was said first may have left the screen.
    var hasScrolled: Bool { state.withLock { $0.lineCount > 10 } }

    private func problem(_ text: String) { print("failed     \(text.escapedForTerminal)", to: STDERR_FILENO) }

    func warning(_ text: String) {
        if detail != .quiet { print("note       \(text.escapedForTerminal)", to: STDERR_FILENO) }
    }

    /// What is waited for; `nil` when that is over.
    func wait(for reason: String?) {
        let isNew = state.withLock { state in
            defer { state.saidNotice = reason ?? state.saidNotice }
            state.notice = reason
            return reason != nil && state.saidNotice != reason
        }
        if isNew, !hasBar, let reason {
            print("waiting    \(reason.escapedForTerminal) Trying again.", to: STDERR_FILENO)
        }
        if reason == nil { state.withLock { $0.saidNotice = nil } }
    }

    // MARK: The bar

    private static let interval = Duration.milliseconds(200)

    /// Draws the bar again and again until the task is cancelled.
    func run() async {
        guard hasBar else { return }
        while (try? await Task.sleep(for: Self.interval)) != nil { draw() }
        state.withLock { Self.erase(&$0) }
    }

    private func draw() {
        let width = Self.terminalWidth()
        state.withLock { state in
            guard let text = state.progress.text(width: width, notice: state.notice, at: .now) else {
                return Self.erase(&state)
            }
            Self.write("\r\(text)\u{1B}[K", to: STDERR_FILENO)
            state.isDrawn = true
        }
    }

    private static func erase(_ state: inout State) {
        if state.isDrawn { write("\r\u{1B}[K", to: STDERR_FILENO) }
        state.isDrawn = false
    }

    private func print(_ text: String, to descriptor: CInt) {
        state.withLock { state in
            state.lineCount += 1
            Self.erase(&state)
            Self.write("\(text)\n", to: descriptor)
        }
    }

    private func change(_ change: (inout State) -> Void) { state.withLock { change(&$0) } }

    private static func write(_ text: String, to descriptor: CInt) {
        // Nobody may be reading any more, which is no reason to stop.
        try? FileHandle(fileDescriptor: descriptor, closeOnDealloc: false).write(contentsOf: Data(text.utf8))
    }

    private static func terminalWidth() -> Int {
        var size = winsize()
        guard ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
        return Int(size.ws_col)
    }
}

/// How much of the files is done.
struct IngestProgress {
    private(set) var fileCount = 0
    private(set) var finishedCount = 0
    private var byteCount = 0
    private var finishedBytes = 0
    /// Sent of files that are not finished, by path.
    private var sentBytes: [String: Int] = [:]
    /// Paths of files that are under way.
    var current: [String] = []
    private var pace = PaceEstimate()
    private var notedAt: ContinuousClock.Instant?

    /// What a file costs besides its bytes, in bytes: a request, a job, a place in the index.
    private static let fixedCost = 30_000
    private static let noteInterval = Duration.seconds(1)

    mutating func begin(_ files: [LocalFile]) {
        self = IngestProgress()
        fileCount = files.count
        byteCount = files.reduce(0) { $0 + $1.version.byteCount }
    }

    mutating func sent(_ bytes: Int, of file: LocalFile) { sentBytes[file.path, default: 0] += bytes }

    mutating func finish(_ file: LocalFile) {
        finishedCount += 1
        finishedBytes += file.version.byteCount
        sentBytes[file.path] = nil
        if let place = current.firstIndex(of: file.path) { current.remove(at: place) }
    }

    /// Of the whole, from 0 to 1. What has arrived still has to be read.
    private var share: Double {
        let whole = Double(byteCount + fileCount * Self.fixedCost)
        let done = finishedBytes + finishedCount * Self.fixedCost + sentBytes.values.reduce(0, +) / 2
        return whole > 0 ? min(1, Double(done) / whole) : 1
    }

    /// The line that tells it, of at most `width` characters; `nil` where nothing is under way.
    mutating func text(width: Int, notice: String?, at time: ContinuousClock.Instant) -> String? {
        guard finishedCount < fileCount else { return nil }
        if notedAt.map({ $0.duration(to: time) >= Self.noteInterval }) ?? true {
            pace.note(share, at: time)
            notedAt = time
        }
        let barWidth = max(0, min(30, width - 50))
        let filled = Int(share * Double(barWidth))
        let bar = String(repeating: "#", count: filled) + String(repeating: "-", count: barWidth - filled)
        var parts = [
            "\(finishedCount)/\(fileCount) files",
            "\(HumanText.bytes(finishedBytes + sentBytes.values.reduce(0, +)))/\(HumanText.bytes(byteCount))",
        ]
        if let remaining = pace.remaining(at: time) { parts.append("\(HumanText.duration(remaining)) left") }
        if let text = notice ?? current.first { parts.append(text.escapedForTerminal) }
        let line = (barWidth > 0 ? "[\(bar)] " : "") + parts.joined(separator: "  ")
        return String(line.prefix(max(0, width - 1)))
    }
}
