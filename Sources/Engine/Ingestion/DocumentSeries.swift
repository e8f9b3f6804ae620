import Domain

/// Documents that are cut and embedded one after the other, and how far that is. A document weighs as much as it has tokens:
/// that is about what its embedding takes.
struct DocumentSeries: Sendable {
    private let count: Int
    private let weight: Int
    private var finishedCount = 0
    private var finishedWeight = 0

    init(_ documents: [Document]) {
        self.init(count: documents.count, tokenCount: documents.reduce(0) { $0 + $1.tokenCount })
    }

    /// - Parameter tokenCount: of all documents together.
    init(count: Int, tokenCount: Int) {
        self.count = count
        weight = tokenCount + count
    }

    /// One more is in place or has failed, as far as it could be found.
    mutating func finish(_ document: Document?) {
        finishedCount += 1
        finishedWeight += document.map(Self.weight) ?? 1
    }

    /// What is to be said of all of them while `document`, which is none of those finished, is as far as `state` says.
    func progress(_ state: JobProgress, of document: Document) -> JobProgress {
        var state = state
        state.documentCount = max(count, finishedCount + 1)
        state.finishedDocumentCount = finishedCount
        let done = Double(finishedWeight) + Double(Self.weight(of: document)) * state.documentShare
        state.share = min(1, done / Double(max(1, weight)))
        return state
    }

    private static func weight(of document: Document) -> Int { document.tokenCount + 1 }
}
