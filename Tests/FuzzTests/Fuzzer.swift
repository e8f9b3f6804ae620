import Foundation
import TestSupport
import Testing

/// Readers of foreign text, each given thousands of inputs that are damaged in ways that are the same on every run.
///
/// `script/fuzz` runs them with a million each and with other seeds. No input may end the process or take long; what a
/// reader says about an input is checked where there is something to check it against.
@Suite(.serialized, .tellingInput) struct FuzzTests {}

extension Trait where Self == IssueHandlingTrait {
    /// Adds to an expectation that fails which input it was about.
    fileprivate static var tellingInput: Self {
        .compactMapIssues { issue in
            var issue = issue
            if let input = CrashReport.input { issue.comments.append("\(input)") }
            return issue
        }
    }
}

/// Feeds mutations of well-formed texts to a reader.
struct Fuzzer {
    let name: String
    private let mutator: Mutator

    private static let environment = ProcessInfo.processInfo.environment
    private static let seed = environment["LECTERN_FUZZ_SEED"].flatMap { UInt64($0) } ?? 1
    private static let count = environment["LECTERN_FUZZ_COUNT"].flatMap { Int($0) }
    /// The number of the first input: to see one again that failed.
    private static let first = environment["LECTERN_FUZZ_FIRST"].flatMap { Int($0) } ?? 0
    /// The readers that are asked for; all where none is named.
    private static let readers = environment["LECTERN_FUZZ_READERS"]?.split(separator: " ") ?? []
    /// Inputs of each reader in an ordinary test run.
    private static let usualCount = 2000
    /// Seconds that one input may take before it counts as one that hangs; only in long runs, as a test is never timed.
    private static let patience: UInt32 = 60

    init(_ name: String, seeds: [String], dictionary: [String] = []) {
        self.init(name, seeds: seeds.map { Array($0.utf8) }, dictionary: dictionary)
    }

    init(_ name: String, seeds: [[UInt8]], dictionary: [String] = []) {
        self.name = name
        mutator = Mutator(seeds: seeds, dictionary: dictionary.map { Array($0.utf8) })
    }

    /// - Parameters:
    ///   - share: the part of the usual count that is enough, where one input takes long.
    ///   - read: gives whether the reader took the input; at least one must be taken, or nothing behind the reader's first
    ///     check was tried. The generator is for choices about the input, such as where it is cut.
    func run(
        share: Double = 1, _ read: (_ input: [UInt8], _ random: inout SplitMix64) async throws -> Bool
    ) async {
        guard Self.readers.isEmpty || Self.readers.contains(name[...]) else { return }
        let count = Self.count ?? Int(Double(Self.usualCount) * share)
        var accepted = 0
        if Self.count != nil { CrashReport.install() }
        for number in Self.first..<Self.first + count {
            var random = SplitMix64(seed: Self.seed &* 0x9E37_79B9 &+ UInt64(number))
            let input = number == 0 ? mutator.seeds[0] : mutator.input(&random)
            CrashReport.begin(name, seed: Self.seed, number: number, input: input)
            if Self.count != nil { alarm(Self.patience) }
            if (try? await read(input, &random)) == true { accepted += 1 }
        }
        alarm(0)
        CrashReport.end()
        #expect(accepted > 0 || Self.first > 0, "no input of \(name) was well-formed")
    }
}
