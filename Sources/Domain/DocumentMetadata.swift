/// What a client says about a document that it sends; an empty text counts as not said.
package struct DocumentMetadata: Sendable, Equatable {
    package var title: String?
    package var author: String?
    package var description: String?
    package var source: String?
    package var chunkSource: String?
    /// What else it says, for searches to filter by: texts, numbers and booleans under names of the client's own.
    package var attributes: JSONObject

    package init() { attributes = JSONObject() }
}
