import Domain
import Foundation
import Synchronization

/// What a child writes, as it comes: lines that tell how far it is, then its reply, which is one line without an end.
struct ParseOutput {
    private let byteLimit: Int
    private var byteCount = 0
    /// What has come of the line that is under way; the reply once all has come.
    private(set) var reply: [UInt8] = []

    /// Bytes; a longer line is the reply, and is not looked through.
    private static let longestReport = 256

    init(byteLimit: Int) { self.byteLimit = byteLimit }

    /// Takes the next piece.
    ///
    /// - Returns: false where all of it is more than is allowed.
    mutating func receive(_ piece: ArraySlice<UInt8>, progress: (ParseProgress) -> Void) -> Bool {
        byteCount += piece.count
        guard byteCount <= byteLimit else { return false }
        var rest = piece
        while reply.count <= Self.longestReport,
            let end = rest.prefix(Self.longestReport).firstIndex(of: UInt8(ascii: "\n"))
        {
            reply += rest[..<end]
            // A parser that has been taken over may write what it likes.
            if let report = try? JSONDecoder().decode(ParseProgress.self, from: Data(reply)), report.isPossible {
                progress(report)
            }
            reply.removeAll(keepingCapacity: true)
            rest = rest[(end + 1)...]
        }
        reply += rest
        return true
    }
}

extension ParseProgress {
    fileprivate var isPossible: Bool { 0 <= done && done <= total && total < 1 << 32 }
}

/// Writes to standard output how far this child is, in lines, a few a second at most.
final class ProgressLines: Sendable {
    private let last = Mutex(ContinuousClock.now - interval)

    private static let interval = Duration.milliseconds(200)

    /// May be called from any thread, until the reply is written.
    func write(_ progress: ParseProgress) {
        last.withLock { last in
            let now = ContinuousClock.now
            guard now - last >= Self.interval, var line = try? JSONEncoder().encode(progress) else { return }
            last = now
            line.append(UInt8(ascii: "\n"))
            // Where nobody listens any more, the reply finds out.
            try? FileHandle.standardOutput.write(contentsOf: line)
        }
    }
}
