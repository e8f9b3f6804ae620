import Domain
import Engine
import HTTPTypes
package import OrderedJSON

/// The body of an evaluation: questions, and which documents of the workspace answer each.
struct EvaluationPayload {
    let questions: [WorkspaceEvaluation.Question]
    let modes: [VectorSearchMode]
    let depth: Int

    private static let maximumQuestions = 1000
    private static let maximumDepth = 100

    /// - Parameter members: the documents of the workspace.
    init(_ payload: RequestPayload, _ members: [WorkspaceDocument]) throws {
        depth = try payload.wholeNumber("depth", in: 1...Self.maximumDepth) ?? 10
        modes = try Self.modes(payload["modes"])
        guard let sent = payload["questions"]?.arrayValue, 1...Self.maximumQuestions ~= sent.count else {
            throw APIError(.badRequest, message: "questions must be a list of 1 to \(Self.maximumQuestions) questions.")
        }
        let ids = Self.ids(of: members)
        questions = try sent.enumerated().map { try Self.question($1, name: "questions[\($0)]", ids) }
    }

    private static func modes(_ value: JSON?) throws -> [VectorSearchMode] {
        guard let value, value != .null else { return [.vector, .default] }
        let modes = value.arrayValue?.map { $0.stringValue.flatMap(VectorSearchMode.init(rawValue:)) } ?? []
        guard !modes.isEmpty, !modes.contains(nil), modes.count <= VectorSearchMode.allCases.count else {
            throw APIError(.badRequest, message: "modes must be a list of these: \(VectorSearchMode.list).")
        }
        return modes.compactMap(\.self).unique
    }

    /// By what people and programs call a document: its place, its name, its title or an id.
    private static func ids(of members: [WorkspaceDocument]) -> [String: [String]] {
        var ids: [String: [String]] = [:]
        for member in members {
            let document = member.document
            let names = [document.path.text, document.path.name, document.title, document.id, member.docID]
            for name in Set(names) { ids[name, default: []].append(member.docID) }
        }
        return ids
    }

    private static func question(
        _ value: JSON, name: String, _ ids: [String: [String]]
    ) throws -> WorkspaceEvaluation.Question {
        let text = value["question"]?.stringValue ?? ""
        guard !text.trimmed.isEmpty, text.utf16.count <= VectorSearchPayload.maximumQueryLength else {
            throw APIError(.badRequest, message: "\(name) has no question, or one that is too long.")
        }
        let documents = value["documents"].map { $0.arrayValue ?? [$0] } ?? []
        guard !documents.isEmpty else {
            throw APIError(.badRequest, message: "\(name) names no documents that answer it.")
        }
        var judgements: [String: Double] = [:]
        for document in documents {
            let reference = document["document"]?.stringValue ?? document.stringValue ?? ""
            guard let found = ids[reference] else {
                throw APIError(.badRequest, message: "\(name): the workspace has no document \"\(reference)\".")
            }
            let gain = document["relevance"]?.doubleValue ?? 1
            guard gain > 0, gain <= 100 else {
                throw APIError(.badRequest, message: "\(name): relevance must be a number above 0, at most 100.")
            }
            for id in found { judgements[id] = gain }
        }
        return WorkspaceEvaluation.Question(text, judgements: judgements)
    }
}

extension [EvaluationResult] {
    /// One object for each mode; the first is what the others are compared with.
    package var json: JSON {
        let entries = zip(self, comparisons).map { result, comparison -> JSON in
            var entry: JSONObject = [
                "mode": .string(result.mode), "ndcg": .number(result.mean(\.ndcg)),
                "recall": .number(result.mean(\.recall)), "mrr": .number(result.mean(\.reciprocalRank)),
                "medianMilliseconds": .number(result.milliseconds(at: 0.5)),
                "p95Milliseconds": .number(result.milliseconds(at: 0.95)),
            ]
            entry["rerank"] = result.reranking?.json
            if let comparison {
                entry["difference"] = .number(comparison.difference)
                entry["pValue"] = .number(comparison.pValue)
            }
            return .object(entry)
        }
        return .array(entries)
    }

    /// What each mode made of each question.
    func json(of questions: [WorkspaceEvaluation.Question]) -> JSON {
        let entries = questions.enumerated().map { place, question -> JSON in
            var modes = JSONObject()
            for result in self {
                let metrics = result.metrics[place]
                modes[result.mode] = [
                    "ndcg": .number(metrics.ndcg), "recall": .number(metrics.recall),
                    "rank": metrics.reciprocalRank > 0
                        ? .integer(Int64((1 / metrics.reciprocalRank).rounded())) : .null,
                ]
            }
            return ["question": .string(question.text), "modes": .object(modes)]
        }
        return .array(entries)
    }
}
