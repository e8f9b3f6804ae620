import Domain
import OrderedJSON

extension Job {
    func json(_ progress: JobProgress?) -> JSON {
        [
            "id": .string(id),
            "kind": .string(kind.rawValue),
            "state": .string(progress != nil && state == .waiting ? State.running.rawValue : state.rawValue),
            "stage": .string((progress?.stage ?? (state.isFinished ? .stored : .received)).rawValue),
            "documents": JSON(progress?.documentCount),
            "pages": JSON(progress?.divisionCount),
            "chunksDone": JSON(progress?.doneCount),
            "chunksTotal": JSON(progress?.totalCount),
            "secondsLeft": JSON(progress?.remaining.map { ($0 / .milliseconds(100)).rounded() / 10 }),
            "result": outcome?.json ?? .null,
            "error": JSON(error),
            "createdAt": .string(createdAt.iso8601),
            "updatedAt": .string(updatedAt.iso8601),
        ]
    }
}

extension Job.Outcome {
    var json: JSON {
        switch self {
        case .ingestion(let outcome):
            [
                "documents": .array(outcome.documents.map(JSON.string)),
                "embedding": .array(outcome.placements.map(\.json)),
                "warnings": .array(outcome.warnings.map(JSON.string)),
                "duplicates": JSON(outcome.duplicates.map { $0 == .skip ? "skipped" : "replaced" }),
            ]
        case .embeddings(let outcome): ["failed": .array(outcome.failures.map(\.json))]
        }
    }
}

extension EmbeddingsOutcome.Failure {
    var json: JSON { ["path": .string(path), "error": .string(error)] }
}
