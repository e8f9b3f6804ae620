import Domain
import Engine
import Foundation
import NIOHTTP1
import OrderedJSON

/// Asks a workspace the questions of a collection in each mode of search.
struct Evaluation: Sendable {
    let client: LibraryClient
    let collection: TestCollection
    /// Places that count.
    let depth: Int
    let progress: @Sendable (String) -> Void

    /// Chunks of one document stand side by side, and that many times as many documents are wanted.
    private static let chunksPerDocument = 5
    /// What tells the documents of a collection in a workspace.
    private static let idKey = "collectionDocument"
    private static let uploadsAtOnce = 8

    struct Result: Sendable {
        let mode: String
        /// One for each question.
        let metrics: [RankingMetrics]
        let milliseconds: [Double]
    }

    /// Puts the collection into a new workspace.
    ///
    /// - Returns: its slug.
    func fill() async throws -> String {
        let slug = try await client.makeWorkspace(named: "eval \(collection.name)")
        // Without text there is nothing to find.
        var rest = collection.documents.filter { !($0.title + $0.text).allSatisfy(\.isWhitespace) }[...]
        let count = rest.count
        try await withThrowingTaskGroup(of: Void.self) { group in
            var done = 0
            func addNext() {
                guard let document = rest.popFirst() else { return }
                group.addTask { try await upload(document, to: slug) }
            }
            for _ in 0..<Self.uploadsAtOnce { addNext() }
            while try await group.next() != nil {
                done += 1
                if done % 100 == 0 || done == count { progress("\(done) of \(count) documents are in \(slug)") }
                addNext()
            }
        }
        return slug
    }

    private func upload(_ document: TestCollection.Document, to slug: String) async throws {
        let text = document.text.allSatisfy(\.isWhitespace) ? document.title : document.text
        let answer = try await client.json(
            .POST, "/document/raw-text",
            [
                "textContent": .string(text), "addToWorkspaces": .string(slug),
                "metadata": [
                    "title": .string(document.title.isEmpty ? document.id : document.title),
                    Self.idKey: .string(document.id),
                ],
            ])
        let placement = answer["embedding"]?.arrayValue?.first
        guard answer["success"] == true, placement?["embedded"] == true else {
            throw ClientFailure(
                "Document \(document.id): "
                    + (answer["error"]?.stringValue ?? placement?["error"]?.stringValue ?? "it was not embedded"))
        }
    }

    /// - Parameter slug: of a workspace that an evaluation has filled.
    func run(mode: String, in slug: String) async throws -> Result {
        var metrics: [RankingMetrics] = []
        var milliseconds: [Double] = []
        for question in collection.questions {
            let start = ContinuousClock.now
            let answer = try await client.json(
                .POST, "/workspace/\(slug)/vector-search",
                [
                    "query": .string(question.text), "topN": .integer(Int64(Self.chunksPerDocument * depth)),
                    "scoreThreshold": 0, "searchMode": .string(mode),
                ])
            milliseconds.append(start.duration(to: .now) / .milliseconds(1))
            let ranking = answer["results"]?.arrayValue?.compactMap {
                $0["metadata"]?["metadata"]?[Self.idKey]?.stringValue
            }
            metrics.append(
                RankingMetrics(of: (ranking ?? []).unique, judgements: question.judgements, depth: depth))
        }
        return Result(mode: mode, metrics: metrics, milliseconds: milliseconds)
    }
}

extension Evaluation.Result {
    var ndcg: [Double] { metrics.map(\.ndcg) }

    func mean(_ value: (RankingMetrics) -> Double) -> Double {
        metrics.isEmpty ? 0 : metrics.reduce(0) { $0 + value($1) } / Double(metrics.count)
    }

    /// - Parameter share: 0.5 for the median.
    func milliseconds(at share: Double) -> Double {
        milliseconds.sorted()[min(milliseconds.count - 1, Int(share * Double(milliseconds.count)))]
    }
}

/// What evaluations have come to, for people and for programs; the first mode is what the others are compared with.
struct EvaluationReport {
    let collection: String
    let workspace: String
    let depth: Int
    let results: [Evaluation.Result]

    private var comparisons: [PairedComparison] {
        results.dropFirst().map { PairedComparison(results[0].ndcg, $0.ndcg) }
    }

    var table: String {
        let header = [
            "mode", "nDCG@\(depth)", "recall@\(depth)", "MRR@\(depth)", "median ms", "p95 ms", "difference", "p",
        ]
        let rows = results.enumerated().map { place, result -> [String] in
            let comparison = place > 0 ? comparisons[place - 1] : nil
            return [
                result.mode, Self.text(result.mean(\.ndcg)), Self.text(result.mean(\.recall)),
                Self.text(result.mean(\.reciprocalRank)), Self.text(result.milliseconds(at: 0.5), digits: 1),
                Self.text(result.milliseconds(at: 0.95), digits: 1),
                comparison.map { ($0.difference < 0 ? "-" : "+") + Self.text(abs($0.difference)) } ?? "",
                comparison.map { Self.text($0.pValue) } ?? "",
            ]
        }
        let lines = [header, header.map { String(repeating: "-", count: $0.count) }] + rows
        let widths = header.indices.map { column in lines.map { $0[column].count }.max() ?? 0 }
        let title = "\(collection): \(results[0].metrics.count) questions, workspace \(workspace)\n\n"
        return title
            + lines.map { line in
                let cells = zip(line, widths).map { $0 + String(repeating: " ", count: $1 - $0.count) }
                return "| " + cells.joined(separator: " | ") + " |"
            }.joined(separator: "\n")
    }

    var json: JSON {
        let entries = results.enumerated().map { place, result -> JSON in
            var entry: JSONObject = [
                "mode": .string(result.mode), "ndcg": .number(result.mean(\.ndcg)),
                "recall": .number(result.mean(\.recall)), "mrr": .number(result.mean(\.reciprocalRank)),
                "medianMilliseconds": .number(result.milliseconds(at: 0.5)),
                "p95Milliseconds": .number(result.milliseconds(at: 0.95)),
            ]
            if place > 0 {
                let comparison = comparisons[place - 1]
                entry["difference"] = .number(comparison.difference)
                entry["pValue"] = .number(comparison.pValue)
            }
            return .object(entry)
        }
        return [
            "collection": .string(collection), "workspace": .string(workspace), "depth": .integer(Int64(depth)),
            "questions": .integer(Int64(results[0].metrics.count)), "modes": .array(entries),
        ]
    }

    private static func text(_ value: Double, digits: Int = 3) -> String {
        value.formatted(.number.precision(.fractionLength(digits)).grouping(.never).locale(Locale(identifier: "en_US")))
    }
}
