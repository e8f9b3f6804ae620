import OrderedJSON

/// A path of `docs/api/openapi.json`.
struct DocumentedPath {
    /// Each with the names of the routes that it describes, `get /api/v1/workspaces`: one for every server.
    let operations: [(names: [String], value: JSON)]

    init(_ path: JSONObject.Member) {
        let servers = path.value["servers"]?.arrayValue?.compactMap { $0["url"]?.stringValue } ?? ["/api"]
        let addresses = servers.map { ($0 == "/" ? "" : $0) + path.key }
        operations = (path.value.objectValue?.members ?? []).filter { $0.key != "servers" }.map { operation in
            (names: addresses.map { "\(operation.key) \($0)".lowercased() }, value: operation.value)
        }
    }
}
