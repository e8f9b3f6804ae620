import Domain
import Foundation
import TestSupport
import Testing

@testable import DocumentParsers

/// Looks at the sandbox from inside.
@Suite(.timeLimit(.minutes(2))) struct SandboxProbeTests {
    private func probe(isConfined: Bool) async throws -> SandboxReport {
        try await SandboxedDocumentReader.probe(
            command: [try ServerBinary.path(), "probe-sandbox"], isConfined: isConfined)
    }

    @Test func `a parser's child can read its file and do nothing else`() async throws {
        let report = try await probe(isConfined: true)
        #expect(report.readsItsFile)
        // What the kernel of this machine lacks is no fault of ours, and reported by the doctor.
        try #require(report.landlock > 0 && report.filtersSystemCalls)
        #expect(report.allowed == [])
        #expect(report.weakness == nil)
    }

    @Test func `a parser's child has limits and no environment of the server`() async throws {
        let report = try await probe(isConfined: true)
        let limits = ParseLimits().fitting(fileOfBytes: 0)
        #expect(report.limits == [UInt64(limits.maximumMemoryBytes), UInt64(limits.maximumProcessorSeconds), 64, 0, 0])
        let names = ["HOME", "LANG", "LECTERN_PARSE_REQUEST", "PATH", "SWIFT_BACKTRACE"]
        #expect(report.variables.filter { $0 != "LD_LIBRARY_PATH" } == names)
    }

    /// Otherwise the first test would pass with attempts that can never succeed.
    @Test func `every attempt succeeds where nothing forbids it`() async throws {
        let report = try await probe(isConfined: false)
        #expect(report.readsItsFile && report.allowed.count == 16)
    }
}
