import Domain
import Engine
import OrderedJSON

/// A tool `file_search`: which vector stores are searched for the question, and how.
struct FileSearchTool: Sendable {
    /// Slugs of workspaces.
    let stores: [String]
    private let limit: Int?
    private let filter: MetadataFilter?
    private let ranking: JSON?

    private static let maximumStores = 16
    private static let maximumResults = 50

    init(_ tool: OpenAIFields) throws {
        let ids = try tool.array("vector_store_ids") ?? []
        stores = ids.compactMap(\.stringValue)
        guard !stores.isEmpty, stores.count == ids.count, stores.count <= Self.maximumStores else {
            throw tool.invalid("vector_store_ids", "must be an array of 1 to \(Self.maximumStores) texts")
        }
        limit = try tool.integer("max_num_results", in: 1...Self.maximumResults)
        do throws(MetadataFilterPayload.Invalid) {
            filter = try MetadataFilterPayload.filter(in: tool["filters"])
        } catch {
            throw tool.invalid("filters", "cannot be read: \(error.message)")
        }
        ranking = tool["ranking_options"]
        var query = SearchQuery("", limit: 1, threshold: 0)
        try VectorStoreSearchPayload.read(ranking, into: &query)
    }

    /// - Parameters:
    ///   - workspace: the one that answers, whose settings hold where the tool says nothing.
    ///   - stores: the workspaces that are searched.
    func scope(for workspace: Workspace, over stores: [Workspace]) throws -> SearchScope {
        var scope = SearchScope(of: workspace)
        scope.workspaces = stores.map(\.id)
        var query = SearchQuery("", limit: limit ?? scope.limit, threshold: scope.threshold)
        query.mode = scope.mode
        try VectorStoreSearchPayload.read(ranking, into: &query)
        (scope.limit, scope.threshold, scope.mode) = (query.limit, query.threshold, query.mode)
        scope.filter = filter
        return scope
    }
}
