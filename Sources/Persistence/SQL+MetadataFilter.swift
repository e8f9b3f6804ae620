import Domain

extension SQL.StringInterpolation {
    /// `FROM … WHERE …` of the memberships `w` in a workspace whose documents match, to stand behind `SELECT …`.
    ///
    /// Whatever a client sent is bound: keys of its own are compared with a column, never made one. How many conditions
    /// there are is the client's, too, so the statement is not kept.
    mutating func appendInterpolation(membershipsIn workspace: Workspace.ID, matching filter: MetadataFilter?) {
        appendLiteral("FROM workspace_document w")
        if filter != nil {
            appendLiteral(" JOIN document d ON d.id = w.document_id JOIN content c ON c.id = d.content_id")
        }
        appendLiteral(" WHERE w.workspace_id = ")
        appendInterpolation(workspace)
        guard let filter else { return }
        runOnce()
        appendLiteral(" AND ")
        append(filter)
    }

    /// A condition that is true or false, never unknown, so that `NOT` turns it round.
    private mutating func append(_ filter: MetadataFilter) {
        switch filter {
        case .compare(let key, let comparison, let value): append(key) { $0.append($1, comparison, value) }
        case .oneOf(let key, let values): append(key) { $0.append($1, in: values) }
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

    /// What `condition` says of each column that holds values of the key.
    private mutating func append(
        _ key: MetadataFilter.Key, _ condition: (inout Self, FilterColumn) -> Void
    ) {
        guard case .attribute(let name) = key else {
            appendLiteral("(")
            appendLiteral(key.column.name)
            appendLiteral(" IS NOT NULL AND ")
            condition(&self, key.column)
            return appendLiteral(")")
        }
        appendLiteral("EXISTS (SELECT 1 FROM document_attribute a WHERE a.document_id = d.id AND a.name = ")
        appendInterpolation(name)
        appendLiteral(" AND (")
        // Values of different kinds lie in different columns and are never equal.
        for (index, column) in FilterColumn.ofAttributes.enumerated() {
            if index > 0 { appendLiteral(" OR ") }
            condition(&self, column)
        }
        appendLiteral("))")
    }

    private mutating func append(
        _ column: FilterColumn, _ comparison: MetadataFilter.Comparison, _ value: MetadataFilter.Value
    ) {
        guard value.columnType == column.type else { return appendLiteral("(1 = 0)") }
        appendLiteral("\(column.name) \(comparison.symbol) ")
        bind(.value(value.sqlValue, value.columnType))
    }

    private mutating func append(_ column: FilterColumn, in values: [MetadataFilter.Value]) {
        let values = values.filter { $0.columnType == column.type }
        guard column.type == .bool else {
            appendLiteral("\(column.name) ")
            return bind(.list(values.map(\.sqlValue), of: column.type))
        }
        // Two values are no list.
        appendLiteral("(1 = 0")
        for value in Set(values) {
            appendLiteral(" OR \(column.name) = ")
            bind(.value(value.sqlValue, column.type))
        }
        appendLiteral(")")
    }
}

/// A column and the type of the values that are compared with it; whole numbers are compared as the others are.
private struct FilterColumn {
    let name: String
    let type: SQL.ColumnType

    static let ofAttributes = [
        FilterColumn(name: "a.text_value", type: .text), FilterColumn(name: "a.number_value", type: .real),
        FilterColumn(name: "a.bool_value", type: .bool),
    ]
}

extension MetadataFilter.Key {
    /// Of a document `d`, its content `c` or its membership `w`; for an attribute, that of its texts.
    fileprivate var column: FilterColumn {
        switch self {
        case .text(let key): FilterColumn(name: key.column, type: .text)
        case .number(.wordCount): FilterColumn(name: "c.word_count", type: .real)
        case .number(.tokenCount): FilterColumn(name: "c.token_count", type: .real)
        case .published: FilterColumn(name: "d.published_at", type: .real)
        case .attribute: FilterColumn.ofAttributes[0]
        }
    }
}

extension MetadataFilter.TextKey {
    fileprivate var column: String {
        switch self {
        case .title: "d.title"
        case .author: "d.author"
        case .description: "d.description"
        case .source: "d.source"
        case .chunkSource: "d.chunk_source"
        case .url: "d.url"
        case .folder: "d.folder"
        case .location: "(d.folder || '/' || d.name)"
        case .docID: "w.doc_id"
        case .fileExtension: "d.file_extension"
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

extension MetadataFilter.Value {
    fileprivate var columnType: SQL.ColumnType {
        switch self {
        case .text: .text
        case .number: .real
        case .bool: .bool
        }
    }

    fileprivate var sqlValue: SQL.Value {
        switch self {
        case .text(let text): text.sqlValue
        case .number(let number): number.sqlValue
        case .bool(let bool): bool.sqlValue
        }
    }
}
