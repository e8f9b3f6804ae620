import Domain

extension SQL.StringInterpolation {
    /// The name of the folder whose name looks like this one; NULL where there is none.
    mutating func appendInterpolation(folderLike name: String) {
        appendLiteral("(SELECT f.name FROM folder f WHERE f.lookalike_key = ")
        appendInterpolation(name.lookalikeKey)
        appendLiteral(")")
    }

    /// A condition on a document `d`: whether it lies there.
    mutating func appendInterpolation(documentAt path: DocumentPath) {
        appendLiteral("(d.folder = ")
        appendInterpolation(folderLike: path.folder)
        appendLiteral(" AND d.name = ")
        appendInterpolation(path.name)
        appendLiteral(")")
    }
}
