import Foundation

/// The command line: options with a value each, and the rest.
struct Arguments {
    private(set) var positional: [String] = []
    private var options: [String: String] = [:]

    init(_ arguments: some Sequence<String>) {
        var option: String?
        for argument in arguments {
            if let name = option {
                options[name] = argument
                option = nil
            } else if argument.hasPrefix("--") {
                option = String(argument.dropFirst(2))
            } else {
                positional.append(argument)
            }
        }
    }

    subscript(name: String) -> String? { options[name] }

    func number(_ name: String, _ fallback: Int) -> Int { options[name].flatMap { Int($0) } ?? fallback }
}

/// The texts to embed.
struct Texts {
    let chunks: [String]
    let queries: [String]
    /// Which row of a reference belongs to the first query: the reference has all chunks of the file.
    let referenceQueryStart: Int

    private struct File: Decodable {
        let chunks: [String]
        let queries: [String]
    }

    init(_ path: String, chunkCount: Int) throws {
        let file = try JSONDecoder().decode(File.self, from: Data(contentsOf: URL(filePath: path)))
        chunks = Array(file.chunks.prefix(chunkCount))
        queries = file.queries
        referenceQueryStart = file.chunks.count
    }
}

/// Embeddings by another implementation: rows of little-endian 32-bit floats.
struct Reference {
    struct Cosines: Encodable {
        let min: Double
        let mean: Double
    }

    private let values: [Float]
    private let dimensions: Int

    init(_ path: String, dimensions: Int) throws {
        let data = try Data(contentsOf: URL(filePath: path))
        values = data.withUnsafeBytes { bytes in
            (0..<bytes.count / 4).map {
                Float(bitPattern: UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: $0 * 4, as: UInt32.self)))
            }
        }
        self.dimensions = dimensions
    }

    func compare(_ vectors: ArraySlice<[Float]>, from row: Int) -> Cosines? {
        guard !vectors.isEmpty, (row + vectors.count) * dimensions <= values.count else { return nil }
        let cosines = vectors.enumerated().map { index, vector in
            let other = values[(row + index) * dimensions..<(row + index + 1) * dimensions]
            let dot = zip(vector, other).reduce(0.0) { $0 + Double($1.0) * Double($1.1) }
            return dot / (length(vector) * length(other))
        }
        return Cosines(min: cosines.min() ?? 0, mean: cosines.reduce(0, +) / Double(cosines.count))
    }

    private func length(_ values: some Sequence<Float>) -> Double {
        values.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
    }
}

/// Seconds on the wall clock and of CPU time of all threads.
struct Moment {
    var wall: Double
    var cpu: Double

    init() {
        wall = Self.seconds(CLOCK_MONOTONIC)
        cpu = Self.seconds(CLOCK_PROCESS_CPUTIME_ID)
    }

    static func - (left: Moment, right: Moment) -> Moment {
        var difference = left
        difference.wall -= right.wall
        difference.cpu -= right.cpu
        return difference
    }

    private static func seconds(_ clock: clockid_t) -> Double {
        var time = timespec()
        clock_gettime(clock, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}

/// Resident memory of the process, mapped files included; 0 where the system does not say.
func residentMegabytes() -> Int {
    guard let status = try? String(contentsOfFile: "/proc/self/status", encoding: .utf8) else { return 0 }
    let line = status.split(separator: "\n").first { $0.hasPrefix("VmRSS:") }
    return (line?.split(whereSeparator: { !$0.isNumber }).first).flatMap { Int($0) }.map { $0 / 1024 } ?? 0
}
