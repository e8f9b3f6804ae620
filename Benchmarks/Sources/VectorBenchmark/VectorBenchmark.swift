import Concurrency
import Domain
import Foundation
import SearchIndexes

/// Measures the embedded vector store on the data of `Benchmarks/peers/vectors.py` and prints one JSON object a line.
///
///     VectorBenchmark DIRECTORY [--threads N] [--data clustered|gaussian] [SIZE ...]
@main struct VectorBenchmark {
    static let dimensions = 384
    /// Before any vector was held.
    static let bytesAtStart = anonymousBytes()
    /// Neighbours in the files of exact answers.
    static let neighbours = 20

    struct Report: Encodable {
        let engine = "lectern"
        let version = "embedded"
        let data: String
        let n: Int
        let threads: Int
        let load_s: Double
        let load_cpu_s: Double
        let bytes_per_vector: Double
        let top4: Latency
        let top20: Latency
    }

    static func main() async throws {
        _ = bytesAtStart
        var arguments = Array(CommandLine.arguments.dropFirst())
        let threads = Int(value(of: "--threads", in: &arguments) ?? "") ?? ProcessInfo.processInfo.activeProcessorCount
        let data = value(of: "--data", in: &arguments)
        let sizes = arguments.dropFirst().compactMap { Int($0) }
        guard let directory = arguments.first else {
            print("usage: VectorBenchmark DIRECTORY [--threads N] [--data clustered|gaussian] [SIZE ...]")
            exit(64)
        }
        if let data, sizes.count == 1 {
            let report = try await measure(data, size: sizes[0], threads: threads, directory: directory)
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys]
            print(String(decoding: try encoder.encode(report), as: UTF8.self))
            return
        }
        for data in data.map({ [$0] }) ?? ["clustered", "gaussian"] {
            for size in sizes.isEmpty ? [1_000, 10_000, 100_000, 1_000_000] : sizes {
                try runAlone([directory, "--threads", "\(threads)", "--data", data, "\(size)"])
            }
        }
    }

    /// Takes an option and its value out of the arguments.
    static func value(of option: String, in arguments: inout [String]) -> String? {
        guard let index = arguments.firstIndex(of: option), index + 1 < arguments.count else { return nil }
        defer { arguments.removeSubrange(index...index + 1) }
        return arguments[index + 1]
    }

    /// A process for each measurement, so that none sees the memory of another.
    static func runAlone(_ arguments: [String]) throws {
        let process = Process()
        process.executableURL = Bundle.main.executableURL
        process.arguments = arguments
        try process.run()
        process.waitUntilExit()
        if process.terminationStatus != 0 { exit(process.terminationStatus) }
    }

    static func measure(_ data: String, size: Int, threads: Int, directory: String) async throws -> Report {
        let path = "\(directory)/\(data)"
        let source = VectorFile(dimensions: dimensions, rows: try MappedFile("\(path).f32"))
        let queries = VectorFile(dimensions: dimensions, rows: try MappedFile("\(path).queries.f32"))
        let answers = try MappedFile<Int64>("\(path).\(size).i64")
        let store = EmbeddedVectorStore(source: source, compute: ComputePool(width: threads, label: "vectors"))
        let namespace = Namespace(rawValue: "\(size)")
        // Read once, so that the load is not that of the disk.
        _ = (0..<size).reduce(Float(0)) { $0 + source.vector($1)[0] }
        let (cpu, wall) = (cpuMilliseconds(), wallMilliseconds())
        try await store.warm([namespace])
        let (loadCPU, loadWall) = ((cpuMilliseconds() - cpu) / 1e3, (wallMilliseconds() - wall) / 1e3)
        let held = Double(anonymousBytes() - bytesAtStart) / Double(size)
        let search = { (limit: Int) in
            try await latency(store, namespace, queries: queries, answers: answers.elements, limit: limit)
        }
        return Report(
            data: data, n: size, threads: threads, load_s: loadWall, load_cpu_s: loadCPU, bytes_per_vector: held,
            top4: try await search(4), top20: try await search(20))
    }

    static func latency(
        _ store: EmbeddedVectorStore, _ namespace: Namespace, queries: VectorFile,
        answers: UnsafeBufferPointer<Int64>, limit: Int
    ) async throws -> Latency {
        let count = queries.rows.elements.count / dimensions
        let texts = (0..<count).map { Embedding(Array(queries.vector($0))) }
        _ = try await store.nearest(to: texts[0], in: namespace, limit: limit)
        var cpu: [Double] = []
        var wall: [Double] = []
        var found = 0
        for (index, query) in texts.enumerated() {
            let (cpuStart, wallStart) = (cpuMilliseconds(), wallMilliseconds())
            let matches = try await store.nearest(to: query, in: namespace, limit: limit)
            cpu.append(cpuMilliseconds() - cpuStart)
            wall.append(wallMilliseconds() - wallStart)
            let exact = Set(answers[index * neighbours..<index * neighbours + limit])
            found += matches.count { exact.contains($0.id.rawValue) }
        }
        return Latency(cpu: cpu, wall: wall, recall: Double(found) / Double(count * limit))
    }
}
