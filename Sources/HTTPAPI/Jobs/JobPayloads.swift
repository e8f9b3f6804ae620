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
        case .ingestion(let outcome): .object(outcome.json)
        case .crawl(let outcome): ["links": .array(outcome.links.map(\.json))]
        case .embeddings(let outcome): ["failed": .array(outcome.failures.map(\.json))]
        }
    }
}

extension IngestionOutcome {
    var json: JSONObject {
        [
            "documents": .array(documents.map(JSON.string)), "embedding": .array(placements.map(\.json)),
            "warnings": .array(warnings.map(JSON.string)), "duplicates": JSON(duplicates?.word),
        ]
    }
}

extension Ingestion.DuplicatePolicy {
    /// What an answer says of it.
    var word: String { self == .skip ? "skipped" : "replaced" }
}

extension LinkCrawlOutcome.Link {
    var json: JSON {
        let link: JSONObject = ["link": .string(address), "success": .bool(error == nil), "error": JSON(error)]
        return .object(link.merging((outcome ?? IngestionOutcome(documents: [])).json))
    }
}

extension EmbeddingsOutcome.Failure {
    var json: JSON { ["path": .string(path), "error": .string(error)] }
}
