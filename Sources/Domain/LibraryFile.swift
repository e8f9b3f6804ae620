/// What one upload has become, under one name: a document, or several where the file held several.
package struct LibraryFile: Sendable, Equatable {
    /// That of the document, the first of them.
    package var id: String
    /// What its client called it.
    package var name: String
    /// What it was uploaded for, in the client's words.
    package var purpose: String
    /// Of the bytes that arrived; of the text where nobody has counted these.
    package var byteCount: Int
    package var createdAt: Timestamp

    /// What files are for that nobody has said anything of.
    package static let standardPurpose = "assistants"

    package init(id: String, name: String, purpose: String, byteCount: Int, createdAt: Timestamp) {
        self.id = id
        self.name = name
        self.purpose = purpose
        self.byteCount = byteCount
        self.createdAt = createdAt
    }
}
