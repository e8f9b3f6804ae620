package import Domain

extension SQL.StringInterpolation {
    /// `FROM … WHERE …` of the memberships `w` in a workspace whose documents match, to stand behind `SELECT …`.
    ///
    /// Whatever a client sent is bound: keys of its own are compared with a column, never made one.
    mutating func appendInterpolation(membershipsIn workspace: Workspace.ID, matching filter: MetadataFilter?) {
        appendLiteral("FROM workspace_document w")
        if filter != nil {
            appendLiteral(" JOIN document d ON d.id = w.document_id JOIN content c ON c.id = d.content_id")
        }
        appendLiteral(" WHERE w.workspace_id = ")
        appendInterpolation(workspace)
        guard let filter else { return }
        appendLiteral(" AND ")
        append(filter)
    }

    /// A condition that is true or false, never unknown, so that `NOT` turns it round.
    private mutating func append(_ filter: MetadataFilter) {
        switch filter {
        case .compare(let key, let comparison, let value): append(key, comparison, [value])
        case .oneOf(let key, let values): append(key, nil, values)
        case .all(let filters): append(filters, joinedBy: " AND ", whenEmpty: "(1 = 1)")
        case .any(let filters): append(filters, joinedBy: " OR ", whenEmpty: "(1 = 0)")
        case .not(let filter):
            appendLiteral("(NOT ")
            append(filter)
            appendLiteral(")")
        }
    }

    private mutating func append(_ filters: [MetadataFilter], joinedBy word: String, whenEmpty: String) {
        guard !filters.isEmpty else { return appendLiteral(whenEmpty) }
        appendLiteral("(")
        for (index, filter) in filters.enumerated() {
            if index > 0 { appendLiteral(word) }
            append(filter)
        }
        appendLiteral(")")
    }

    /// The key compared with one value, or with the list of all where there is no comparison.
    private mutating func append(
        _ key: MetadataFilter.Key, _ comparison: MetadataFilter.Comparison?, _ values: [MetadataFilter.Value]
    ) {
        guard case .attribute(let name) = key else {
            appendLiteral("(")
            appendLiteral(key.column)
            appendLiteral(" IS NOT NULL AND ")
            append(column: key.column, comparison, values)
            return appendLiteral(")")
        }
        appendLiteral("EXISTS (SELECT 1 FROM document_attribute a WHERE a.document_id = d.id AND a.name = ")
        appendInterpolation(name)
        appendLiteral(" AND (")
        // Values of different kinds lie in different columns and are never equal.
        for (index, column) in MetadataFilter.Value.attributeColumns.enumerated() {
            if index > 0 { appendLiteral(" OR ") }
            append(column: column, comparison, values.filter { $0.attributeColumn == column })
        }
        appendLiteral("))")
    }

    private mutating func append(
        column: String, _ comparison: MetadataFilter.Comparison?, _ values: [MetadataFilter.Value]
    ) {
        guard let first = values.first else { return appendLiteral("(1 = 0)") }
        appendLiteral(column)
        if let comparison {
            appendLiteral(" \(comparison.symbol) ")
            appendInterpolation(first)
        } else {
            appendLiteral(" IN (")
            appendInterpolation(list: values)
            appendLiteral(")")
        }
    }
}

extension MetadataFilter.Key {
    /// Of a document `d`, its content `c` or its membership `w`.
    fileprivate var column: String {
        switch self {
        case .text(.title): "d.title"
        case .text(.author): "d.author"
        case .text(.description): "d.description"
        case .text(.source): "d.source"
        case .text(.chunkSource): "d.chunk_source"
        case .text(.url): "d.url"
        case .text(.folder): "d.folder"
        case .text(.location): "(d.folder || '/' || d.name)"
        case .text(.docID): "w.doc_id"
        case .text(.fileExtension): "d.file_extension"
        case .number(.wordCount): "c.word_count"
        case .number(.tokenCount): "c.token_count"
        case .published: "d.published_at"
        case .attribute: "a.text_value"
        }
    }
}

extension MetadataFilter.Comparison {
    fileprivate var symbol: String {
        switch self {
        case .equal: "="
        case .greater: ">"
        case .greaterOrEqual: ">="
        case .less: "<"
        case .lessOrEqual: "<="
        }
    }
}

extension MetadataFilter.Value: SQLConvertible {
    fileprivate static let attributeColumns = ["a.text_value", "a.number_value", "a.bool_value"]

    fileprivate var attributeColumn: String {
        switch self {
        case .text: "a.text_value"
        case .number: "a.number_value"
        case .bool: "a.bool_value"
        }
    }

    package var sqlValue: SQL.Value {
        switch self {
        case .text(let text): text.sqlValue
        case .number(let number): number.sqlValue
        case .bool(let bool): bool.sqlValue
        }
    }

    package init?(sqlValue: SQL.Value) {
        switch sqlValue {
        case .text(let text): self = .text(text)
        case .real(let number): self = .number(number)
        case .integer(let integer): self = .number(Double(integer))
        case .null, .blob: return nil
        }
    }
}
