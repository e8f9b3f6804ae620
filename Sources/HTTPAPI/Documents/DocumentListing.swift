import Concurrency
import Domain
import Engine
import Hummingbird
import OrderedJSON
import Persistence

/// Writes listings of documents while they are read, a page at a time, so that neither memory nor the time to the first
/// byte grows with their number.
struct DocumentListing: Sendable {
    let directory: DocumentDirectory
    let search: DocumentStore.Search
    /// Whether documents of links can be watched here.
    let watchesLinks: Bool
    let caller: Caller

    /// Documents that are in memory at once.
    private static let page = 500

    /// A stretch of one folder, by its name as it is stored.
    struct Stretch: Sendable {
        let folder: String
        var offset = 0
        /// How many documents; `nil` for all that follow.
        var count: Int?
    }

    /// What part of a list is wanted.
    struct Range: Sendable {
        var offset: Int
        /// `nil` for all that follow.
        var limit: Int?

        static let defaultLimit = 100
        static let maximumLimit = 1000

        /// Reads `offset` and `limit`, which may be `all`; never an error, as the wire has it.
        init(_ parameters: QueryParameters, defaultLimit: Int?) {
            offset = max(0, parameters.leadingInteger("offset") ?? 0)
            switch parameters["limit"]?.lowercased() {
            case nil: limit = defaultLimit
            case "all": limit = nil
            default:
                let wanted = parameters.leadingInteger("limit") ?? 0
                limit = wanted > 0 ? min(Self.maximumLimit, wanted) : Self.defaultLimit
            }
        }

        /// Whether anything of a list of `total` comes behind it.
        func hasMore(of total: Int) -> Bool { limit.map { $0 < total - min(offset, total) } ?? false }
    }

    /// One folder: its documents without the brackets around them.
    func write(_ stretch: Stretch, to body: inout StreamedBody) async throws {
        var (offset, last, written) = (stretch.offset, String?.none, 0)
        while true {
            let limit = min(Self.page, (stretch.count ?? .max) - written)
            guard limit > 0 else { return }
            let listed = try await directory.list(
                folder: stretch.folder, search, after: last, offset: offset, limit: limit, for: caller)
            let separator = written > 0 && !listed.isEmpty ? "," : ""
            let text = try await ComputePool.shared.run {
                separator
                    + listed.map { JSON.object($0.json(watchesLinks: watchesLinks)).text }.joined(separator: ",")
            }
            try await body.write(text)
            written += listed.count
            guard listed.count == limit, let end = listed.last else { return }
            (offset, last) = (0, end.document.path.name)
        }
    }

    /// Folders with their documents: `{"localFiles": …}` with `members` behind it, which begin with a comma or are empty.
    func write(_ stretches: [Stretch], _ members: String, to body: inout StreamedBody) async throws {
        try await body.write(#"{"localFiles":{"name":"documents","type":"folder","items":["#)
        for (index, stretch) in stretches.enumerated() {
            let name = JSON.string(stretch.folder).text
            try await body.write((index > 0 ? "," : "") + #"{"name":\#(name),"type":"folder","items":["#)
            try await write(stretch, to: &body)
            try await body.write("]}")
        }
        try await body.write("]}\(members)}")
    }

    /// A part of all documents, in the order in which the whole listing has them.
    func stretches(of range: Range) async throws -> (stretches: [Stretch], total: Int) {
        let counts = try await directory.counts(search, for: caller)
        var (passed, stretches) = (0, [Stretch]())
        let total = counts.reduce(0) { $0 + $1.count }
        let start = min(range.offset, total)
        let end = range.limit.map { min(total, start + $0) } ?? total
        for (folder, count) in counts {
            let (first, last) = (max(start, passed), min(end, passed + count))
            if first < last { stretches.append(Stretch(folder: folder, offset: first - passed, count: last - first)) }
            passed += count
        }
        return (stretches, total)
    }
}
