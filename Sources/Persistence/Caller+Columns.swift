package import Domain
import OrderedJSON

extension SQL.StringInterpolation {
    /// Three values for the columns `callerColumns`: what kind of caller it is, its id and its name at that time.
    mutating func appendInterpolation(caller: Caller) {
        appendInterpolation(caller.kind)
        appendLiteral(", ")
        appendInterpolation(caller.id)
        appendLiteral(", ")
        appendInterpolation(caller.name)
    }
}

let callerColumns: StaticString = "caller_kind, caller_id, caller_name"

// MARK: - With all rights, for what runs later

/// A caller is stored as JSON where it must be known later what it may do, as with jobs.
extension Caller: SQLConvertible {
    package static var columnType: SQL.ColumnType { .text }
    package var sqlValue: SQL.Value { JSON.object(json).sqlValue }

    package init?(sqlValue: SQL.Value) {
        guard let json = JSON(sqlValue: sqlValue), let kind = json["kind"]?.stringValue else { return nil }
        let id = json["id"]?.integerValue
        let name = json["name"]?.stringValue
        let reach = json["workspaces"]?.arrayValue.map { WorkspaceReach.only(Set($0.compactMap(\.integerValue))) }
        switch (kind, id) {
        case ("nobody", _): self = .nobody
        case ("system", _): self = .system
        case ("owner", _): self = .owner
        case ("key", let id?):
            let scopes = (json["scopes"]?.arrayValue ?? []).compactMap { $0.stringValue.map(Scope.init) }
            guard !scopes.contains(nil) else { return nil }
            self = .key(APIKey(id: id, name: name, scopes: Set(scopes.compactMap(\.self)), workspaces: reach ?? .all))
        case ("user", let id?):
            guard let role = json["role"]?.stringValue.flatMap(Role.init) else { return nil }
            self = .user(User(id: id, name: name ?? "", role: role, workspaces: reach ?? .all))
        case ("visitor", let id?):
            guard case .only(let workspaces)? = reach, let workspace = workspaces.first else { return nil }
            self = .visitor(Visitor(embedID: id, sessionID: name ?? "", workspaceID: workspace))
        default: return nil
        }
    }

    private var json: JSONObject {
        var json: JSONObject = ["kind": .string(kind)]
        json["id"] = id.map(JSON.integer)
        json["name"] = name.map(JSON.string)
        if case .only(let some) = workspaces { json["workspaces"] = .array(some.sorted().map(JSON.integer)) }
        if case .key(let key) = self, !key.scopes.isEmpty {
            json["scopes"] = .array(key.scopes.map(\.rawValue).sorted().map(JSON.string))
        }
        if case .user(let user) = self { json["role"] = .string(user.role.rawValue) }
        return json
    }
}
