import Domain

extension SQL.StringInterpolation {
    /// A condition on a document `d`: whether the caller may know of it.
    ///
    /// Who is confined to some workspaces knows of what is in them, and of what it has brought in itself.
    mutating func appendInterpolation(documentVisibleTo caller: Caller) {
        guard case .only(let some) = caller.workspaces else { return appendLiteral("TRUE") }
        appendLiteral("(EXISTS (SELECT 1 FROM workspace_document v WHERE v.document_id = d.id AND v.workspace_id ")
        appendInterpolation(in: some.sorted())
        appendLiteral(")")
        if let id = caller.id {
            appendLiteral(" OR (d.caller_kind = ")
            appendInterpolation(caller.kind)
            appendLiteral(" AND d.caller_id = ")
            appendInterpolation(id)
            appendLiteral(")")
        }
        appendLiteral(")")
    }

    /// A condition on a job `j`: whether the caller may know of it. Who is confined to some workspaces knows of what it began
    /// itself.
    mutating func appendInterpolation(jobVisibleTo caller: Caller) {
        guard caller.workspaces != .all else { return appendLiteral("TRUE") }
        guard let id = caller.id else { return appendLiteral("FALSE") }
        appendLiteral("(j.caller_kind = ")
        appendInterpolation(caller.kind)
        appendLiteral(" AND j.caller_id = ")
        appendInterpolation(id)
        appendLiteral(")")
    }

    /// A condition on a response `r`: whether the caller may know of it. Who may not do everything knows of its own alone, in the
    /// workspaces that it reaches.
    mutating func appendInterpolation(responseVisibleTo caller: Caller) {
        if caller.workspaces == .all, caller.mayDoEverything { return appendLiteral("TRUE") }
        guard let id = caller.id else { return appendLiteral("FALSE") }
        appendLiteral("(r.caller_kind = ")
        appendInterpolation(caller.kind)
        appendLiteral(" AND r.caller_id = ")
        appendInterpolation(id)
        if case .only(let some) = caller.workspaces {
            appendLiteral(" AND r.workspace_id ")
            appendInterpolation(in: some.sorted())
        }
        appendLiteral(")")
    }

    /// A condition on a document `d`: whether the caller may give it another place. Who is confined to some workspaces
    /// moves only what it has brought in itself: others know the documents by their places.
    mutating func appendInterpolation(documentMovableBy caller: Caller) {
        guard caller.workspaces != .all else { return appendLiteral("TRUE") }
        guard let id = caller.id else { return appendLiteral("FALSE") }
        appendLiteral("(d.caller_kind = ")
        appendInterpolation(caller.kind)
        appendLiteral(" AND d.caller_id = ")
        appendInterpolation(id)
        appendLiteral(")")
    }
}

extension Caller {
    fileprivate var mayDoEverything: Bool {
        switch self {
        case .owner, .system: true
        case .key(let key): key.scopes.isEmpty || key.scopes.contains(.admin)
        case .user(let user): user.role == .admin
        case .nobody, .visitor: false
        }
    }
}
