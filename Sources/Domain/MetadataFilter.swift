/// A condition on what is known about a document, which a search applies before it counts its results.
///
/// A document that has no value under a key matches no comparison with it, and therefore every negated one.
package indirect enum MetadataFilter: Sendable, Equatable {
    case compare(Key, Comparison, Value)
    /// Equal to one of the values; to none where there are none.
    case oneOf(Key, [Value])
    /// All conditions hold; true where there are none.
    case all([MetadataFilter])
    /// At least one condition holds; false where there are none.
    case any([MetadataFilter])
    case not(MetadataFilter)

    package enum Key: Sendable, Hashable {
        case text(TextKey)
        case number(NumberKey)
        /// When the document was published; its values are numbers, milliseconds since 1970 in UTC.
        case published
        /// What a client said about the document in words of its own; values of any kind.
        case attribute(String)
    }

    package enum TextKey: Sendable, Hashable, CaseIterable {
        case title, author, description, source, chunkSource, url, folder
        /// Folder and name, `custom-documents/report.pdf-….json`.
        case location
        /// Of the document's membership in a workspace.
        case docID
        /// In lower case, without the dot; empty for what was not a file.
        case fileExtension
    }

    package enum NumberKey: Sendable, Hashable, CaseIterable {
        case wordCount, tokenCount
    }

    package enum Comparison: Sendable, Hashable, CaseIterable {
        case equal, greater, greaterOrEqual, less, lessOrEqual
    }

    package enum Value: Sendable, Hashable {
        /// Compared by code points, capital letters apart from small ones.
        case text(String)
        case number(Double)
        case bool(Bool)
    }
}

extension MetadataFilter {
    /// Both conditions; `nil` where there is neither.
    package static func both(_ left: MetadataFilter?, _ right: MetadataFilter?) -> MetadataFilter? {
        guard let left else { return right }
        return right.map { .all([left, $0]) } ?? left
    }
}
