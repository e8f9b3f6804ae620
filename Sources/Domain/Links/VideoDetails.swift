/// What the page of a video says of it.
package struct VideoDetails: Sendable, Equatable {
    package var title: String
    /// The channel; `nil` where the page does not say.
    package var author: String?
    package var description: String?

    package init(title: String, author: String? = nil, description: String? = nil) {
        self.title = title
        self.author = author
        self.description = description
    }
}
