import BERT
import Domain
import Foundation

/// Measures the embedding model on the texts of a JSON file, `{"chunks": [...], "queries": [...]}`, and prints one JSON
/// object. `Benchmarks/peers/embedding.py` prints the same of onnxruntime, and its `--save` makes the reference.
///
///     EmbeddingBenchmark MODEL TEXTS [--precision fast|exact] [--cpu LEVEL] [--threads N] [--rounds N] [--chunks N]
///                        [--reference VECTORS.f32]
@main struct EmbeddingBenchmark {
    static func main() throws {
        let arguments = Arguments(CommandLine.arguments.dropFirst())
        guard let model = arguments.positional.first, let texts = arguments.positional.dropFirst().first else {
            print(
                "usage: EmbeddingBenchmark MODEL TEXTS [--precision fast|exact] [--cpu portable|avx2|avx512|avx512vnni]"
            )
            print("       [--threads N] [--rounds N] [--chunks N] [--reference VECTORS.f32]")
            exit(64)
        }
        let report = try measure(arguments, model: model, try Texts(texts, chunkCount: arguments.number("chunks", 200)))
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted]
        print(String(decoding: try encoder.encode(report), as: UTF8.self))
    }

    static func measure(_ arguments: Arguments, model folder: String, _ texts: Texts) throws -> Report {
        var options = BERTOptions()
        options.precision = arguments["precision"].flatMap(BERTPrecision.init) ?? .fast
        options.instructionSet = arguments["cpu"]
        let threads = arguments.number("threads", 1)
        let before = Moment()
        let model = try BERTModel(folder: folder, options: options)
        let load = Moment() - before, residentAfterLoad = residentMegabytes()
        let vectors =
            encode(texts.chunks, model, threads: threads) + texts.queries.flatMap { model.encode([$0], as: .query) }
        let rounds = (0..<arguments.number("rounds", 5)).map { _ in
            let start = Moment()
            _ = encode(texts.chunks, model, threads: threads)
            return Moment() - start
        }
        let queries = texts.queries.map { query in
            let start = Moment()
            _ = model.encode([query], as: .query)
            return (Moment() - start).wall * 1000
        }.sorted()
        let reference = try arguments["reference"].map { try Reference($0, dimensions: model.dimensions) }
        return Report(
            instruction_set: model.instructionSet, precision: options.precision.rawValue, threads: threads,
            chunks: texts.chunks.count, tokens: texts.chunks.reduce(0) { $0 + model.tokens($1).count },
            load_ms: load.wall * 1000, load_cpu_ms: load.cpu * 1000, resident_mb_after_load: residentAfterLoad,
            resident_mb: residentMegabytes(),
            chunks_per_cpu_second: rounds.map { Double(texts.chunks.count) / $0.cpu },
            chunks_per_second: rounds.map { Double(texts.chunks.count) / $0.wall },
            tokenized_per_cpu_second: tokenizerSpeed(texts.chunks, model),
            query_ms_median: queries.isEmpty ? nil : queries[queries.count / 2], query_ms_min: queries.first,
            cosine_chunks: reference?.compare(vectors[..<texts.chunks.count], from: 0),
            cosine_queries: reference?.compare(vectors[texts.chunks.count...], from: texts.referenceQueryStart))
    }

    /// In batches of 32, as the server does it.
    static func encode(_ texts: [String], _ model: BERTModel, threads: Int) -> [[Float]] {
        stride(from: 0, to: texts.count, by: 32).flatMap { start in
            model.encode(Array(texts[start..<min(start + 32, texts.count)]), as: .passage, on: .threads(threads))
        }
    }

    /// Tokens a CPU second.
    static func tokenizerSpeed(_ texts: [String], _ model: BERTModel) -> Double {
        let start = Moment()
        let count = (0..<10).reduce(0) { total, _ in texts.reduce(total) { $0 + model.tokens($1).count } }
        return Double(count) / (Moment() - start).cpu
    }
}

/// What is printed; all speeds by process CPU time unless their name says otherwise.
struct Report: Encodable {
    var engine = "lectern"
    let instruction_set: String
    let precision: String
    let threads: Int
    let chunks: Int
    let tokens: Int
    let load_ms: Double
    let load_cpu_ms: Double
    let resident_mb_after_load: Int
    let resident_mb: Int
    let chunks_per_cpu_second: [Double]
    let chunks_per_second: [Double]
    let tokenized_per_cpu_second: Double
    let query_ms_median: Double?
    let query_ms_min: Double?
    let cosine_chunks: Reference.Cosines?
    let cosine_queries: Reference.Cosines?
}
