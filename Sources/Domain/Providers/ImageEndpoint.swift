/// A provider of pictures.
package struct ImageEndpoint: Sendable, Equatable {
    /// How pictures are asked for and changed.
    package enum Dialect: Sendable, Equatable {
        /// OpenAI's `images/generations`, and `images/edits` where there are references. Several of these are sent as
        /// `image[]` or all as `image`.
        case images(severalReferences: String)
        /// The same without `images/edits`.
        case generationsOnly
        /// A chat completion whose message carries pictures.
        case chat
    }

    /// As messages to people name it.
    package var label: String
    /// Everything before the path of an operation.
    package var baseURL: String
    package var apiKey: String?
    package var modelID: String
    package var dialect: Dialect

    package init(label: String, baseURL: String, apiKey: String?, modelID: String, dialect: Dialect) {
        self.label = label
        self.baseURL = baseURL
        self.apiKey = apiKey
        self.modelID = modelID
        self.dialect = dialect
    }
}
