import Foundation

/// Says which input the process died of. The handler may only call what POSIX calls async-signal-safe, so everything it says
/// is made beforehand, in memory that nobody moves.
enum CrashReport {
    private static let capacity = 128 << 10
    // Written by the one fuzzer that runs, read by the signal handler of the same process.
    nonisolated(unsafe) private static let text = UnsafeMutablePointer<UInt8>.allocate(capacity: capacity)
    nonisolated(unsafe) private static var length = 0

    /// Signals that mean the end: traps of Swift, faults, failed assertions of C, and the alarm of an input that hangs.
    private static let signals = [SIGILL, SIGTRAP, SIGSEGV, SIGBUS, SIGFPE, SIGABRT, SIGALRM]

    static func install() {
        for number in signals {
            signal(number) { number in
                _ = write(STDERR_FILENO, CrashReport.text, CrashReport.length)
                signal(number, SIG_DFL)
                raise(number)
            }
        }
    }

    static func begin(_ name: String, seed: UInt64, number: Int, input: [UInt8]) {
        length = 0
        add("\nfuzz: the reader \(name) failed at input \(number) of seed \(seed). To see it again:\n".utf8)
        add("  LECTERN_FUZZ_SEED=\(seed) LECTERN_FUZZ_FIRST=\(number) script/fuzz \(name) 1\nThe input:\n".utf8)
        add(input)
        add("\n".utf8)
    }

    static func end() { length = 0 }

    /// What is said of the input that is being read, for an expectation of it that fails.
    static var input: String? {
        length == 0 ? nil : String(decoding: UnsafeBufferPointer(start: text, count: length), as: UTF8.self)
    }

    private static func add(_ bytes: some Collection<UInt8>) {
        for byte in bytes.prefix(capacity - length) {
            text[length] = byte
            length += 1
        }
    }
}
