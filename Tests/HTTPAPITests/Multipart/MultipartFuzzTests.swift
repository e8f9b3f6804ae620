import NIOCore
import TestSupport
import Testing

@testable import HTTPAPI

/// Compares the parser with one that reads the whole body at once, in the plainest way, on bytes that are full of
/// boundaries and things like boundaries.
@Suite struct MultipartFuzzTests {
    private static let fragments: [String] = [
        "\r", "\n", "\r\n", "\r\n\r\n", "-", "--", "\r\n--", "x", " ", "\t", String(boundary.prefix(9)),
        "\r\n--\(boundary)",
        "\r\n--\(boundary)\r\n", "\r\n--\(boundary) \r\n\r\n", "\r\n--\(boundary)--",
        "\r\n--\(boundary)\r\nContent-Disposition: form-data; name=x\r\n\r\n", "\r\nX: y\r\n\r\n",
        String(repeating: " ", count: MultipartBoundary.maximumPadding),
    ]

    @Test(arguments: 0..<24)
    func `random bytes are read as the plain parser reads them`(seed: UInt64) async throws {
        var random = SplitMix64(seed: seed)
        var complete = 0
        for _ in 0..<150 {
            var bytes = Array("--\(boundary)\r\n".utf8)
            for _ in 0..<Int.random(in: 0...25, using: &random) {
                bytes += Array((Self.fragments.randomElement(using: &random) ?? "").utf8)
            }
            if Bool.random(using: &random) { bytes += Array("\r\n\r\n--\(boundary)--".utf8) }
            let expected = plainParts(of: bytes)
            complete += expected == nil ? 0 : 1
            #expect(await parts(of: bytes, every: Int.random(in: 1...90, using: &random)) == expected)
            #expect(await parts(of: bytes, every: bytes.count) == expected)
        }
        // Otherwise the comparison says little.
        #expect(complete > 20)
    }

    /// The bodies of all parts; `nil` for a form that is not well formed.
    private func parts(of bytes: [UInt8], every size: Int) async -> [[UInt8]]? {
        do {
            var parser = try MultipartParser(Pieces(bytes, every: size), contentType: contentType)
            var bodies: [[UInt8]] = []
            while true {
                switch try await parser.next() {
                case .part: bodies.append([])
                case .body(let piece): bodies[bodies.endIndex - 1] += piece.readableBytesView
                case .partEnd: break
                case .end: return bodies
                }
            }
        } catch { return nil }
    }

    private func plainParts(of body: [UInt8]) -> [[UInt8]]? {
        let bytes = Array("\r\n".utf8) + body
        guard var delimiter = firstDelimiter(in: bytes[...]) else { return nil }
        var bodies: [[UInt8]] = []
        while !delimiter.isLast {
            let header = bytes[delimiter.range.upperBound...]
            guard let end = header.indices.first(where: { bytes[$0...].starts(with: "\r\n\r\n".utf8) }),
                (try? PartHeader(block: header[..<end].dropFirst(2))) != nil,
                let next = firstDelimiter(in: bytes[(end + 2)...])
            else { return nil }
            // Without a body, the empty line's end is the delimiter's.
            bodies.append(Array(bytes[min(end + 4, next.range.lowerBound)..<next.range.lowerBound]))
            delimiter = next
        }
        return bodies
    }

    private func firstDelimiter(in bytes: ArraySlice<UInt8>) -> (range: Range<Int>, isLast: Bool)? {
        bytes.indices.lazy.compactMap { start -> (range: Range<Int>, isLast: Bool)? in
            let delimiter = Array("\r\n--\(boundary)".utf8)
            guard bytes[start...].starts(with: delimiter) else { return nil }
            let rest = bytes[(start + delimiter.count)...]
            if rest.starts(with: "--".utf8) { return (start..<rest.startIndex + 2, true) }
            let line = rest.drop { $0 == 0x20 || $0 == 0x09 }
            guard line.starts(with: "\r\n".utf8), line.startIndex - rest.startIndex <= MultipartBoundary.maximumPadding
            else { return nil }
            return (start..<line.startIndex, false)
        }.first
    }
}
