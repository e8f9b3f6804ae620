import Domain
import Engine
import OrderedJSON

extension Job {
    /// - Parameter report: what it came to, where it has come to something.
    func json(_ progress: JobProgress?, _ report: JobReport? = nil) -> JSON {
        [
            "id": .string(id),
            "kind": .string(kind.rawValue),
            "state": .string(progress != nil && state == .waiting ? State.running.rawValue : state.rawValue),
            "stage": JSON(stage(progress)?.rawValue),
            "documents": .known(progress?.documentCount),
            "documentsDone": .known(progress?.finishedDocumentCount, of: progress?.documentCount),
            "pages": .known(progress?.divisionCount),
            "pagesRead": .known(progress?.readDivisionCount, of: progress?.divisionCount),
            "chunksTotal": .known(progress?.totalCount),
            "chunksDone": .known(progress?.doneCount, of: progress?.totalCount),
            "secondsLeft": JSON(progress?.remaining.map { Int(($0 / .seconds(1)).rounded(.up)) }),
            "result": report.map { .object($0.json) } ?? .null,
            "error": JSON(error),
            "createdAt": .string(createdAt.iso8601),
            "updatedAt": .string(updatedAt.iso8601),
        ]
    }
}

extension Job {
    /// `nil` for a job that ended before everything was stored.
    private func stage(_ progress: JobProgress?) -> JobProgress.Stage? {
        if let progress { return progress.stage }
        return state.isFinished ? state == .succeeded ? .stored : nil : .received
    }
}

extension JSON {
    /// A number of what there is; null until that is known.
    fileprivate static func known(_ number: Int?) -> JSON { known(number, of: number) }

    /// How many of what there is.
    fileprivate static func known(_ number: Int?, of total: Int?) -> JSON { (total ?? 0) > 0 ? JSON(number) : .null }
}

extension JobReport {
    fileprivate var json: JSONObject {
        [
            "documents": .array(entries.map(\.json)), "documentCount": JSON(entryCount),
            "failedCount": JSON(failedCount),
            "workspaces": .array(shares.map(\.json)), "warnings": .array(warnings.map(JSON.string)),
            "duplicates": JSON(duplicates?.word),
        ]
    }
}

extension JobReport.Entry {
    fileprivate var json: JSON {
        [
            "link": JSON(link), "location": JSON(document?.path.text ?? location), "name": JSON(document?.path.name),
            "title": JSON(document?.title), "wordCount": JSON(document?.wordCount),
            "removed": .bool(document == nil && error == nil), "changed": isChanged.map(JSON.bool) ?? .null,
            "embedding": .array(
                placements.map { placement in
                    [
                        "workspace": .string(placement.workspace), "embedded": .bool(placement.error == nil),
                        "error": JSON(placement.error),
                    ]
                }),
            "error": JSON(error),
        ]
    }
}

extension JobReport.Share {
    fileprivate var json: JSON {
        [
            "workspace": .string(workspace), "embedded": JSON(embeddedCount), "failed": JSON(failedCount),
            "error": JSON(error),
        ]
    }
}

extension Ingestion.DuplicatePolicy {
    /// What an answer says of it.
    var word: String { self == .skip ? "skipped" : "replaced" }
}

extension EmbeddingsOutcome.Failure {
    var json: JSON { ["path": .string(path), "error": .string(error)] }
}
