/// What a client says about a document that it sends; an empty text counts as not said.
package struct DocumentMetadata: Sendable, Equatable {
    package var title: String?
    package var author: String?
    package var description: String?
    package var source: String?
    package var chunkSource: String?
    /// A web address, of a text that came without a file.
    package var url: String?
    /// Of a text that came without a file; files tell it themselves.
    package var published: Timestamp?
    /// What else it says, for searches to filter by; the names differ.
    package var attributes: [Attribute] = []

    package init() {}
}
