import Domain
import Engine
import Foundation
import HTTPAPI
import NIOHTTP1
import OrderedJSON

/// Asks a workspace the questions of a collection in each mode of search.
struct Evaluation: Sendable {
    let client: LibraryClient
    let collection: TestCollection
    /// Places that count.
    let depth: Int
    let progress: @Sendable (String) -> Void

    /// What tells the documents of a collection in a workspace.
    private static let idKey = "collectionDocument"
    private static let uploadsAtOnce = 8

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
    func run(mode: String, in slug: String) async throws -> EvaluationResult {
        var metrics: [RankingMetrics] = []
        var milliseconds: [Double] = []
        for question in collection.questions {
            let start = ContinuousClock.now
            let answer = try await client.json(
                .POST, "/workspace/\(slug)/vector-search",
                [
                    "query": .string(question.text),
                    "topN": .integer(Int64(WorkspaceEvaluation.chunksPerDocument * depth)),
                    "scoreThreshold": 0, "searchMode": .string(mode),
                ])
            milliseconds.append(start.duration(to: .now) / .milliseconds(1))
            let ranking = answer["results"]?.arrayValue?.compactMap {
                $0["metadata"]?["metadata"]?[Self.idKey]?.stringValue
            }
            metrics.append(
                RankingMetrics(of: (ranking ?? []).unique, judgements: question.judgements, depth: depth))
        }
        return EvaluationResult(mode: mode, metrics: metrics, milliseconds: milliseconds)
    }
}

/// What evaluations have come to, for people and for programs; the first mode is what the others are compared with.
struct EvaluationReport {
    let collection: String
    let workspace: String
    let depth: Int
    let results: [EvaluationResult]

    var table: String {
        let header = [
            "mode", "nDCG@\(depth)", "recall@\(depth)", "MRR@\(depth)", "median ms", "p95 ms", "difference", "p",
        ]
        let rows = zip(results, results.comparisons).map { result, comparison -> [String] in
            [
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
        [
            "collection": .string(collection), "workspace": .string(workspace), "depth": JSON(depth),
            "questions": JSON(results[0].metrics.count), "modes": results.json,
        ]
    }

    private static func text(_ value: Double, digits: Int = 3) -> String {
        value.formatted(.number.precision(.fractionLength(digits)).grouping(.never).locale(Locale(identifier: "en_US")))
    }
}
