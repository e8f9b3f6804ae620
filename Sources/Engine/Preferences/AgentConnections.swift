import Domain

/// The databases that agents may ask: a list whose entries are added, changed and removed by their `database_id`, which is
/// kept as a slug, for models name databases by it. Each has an `engine`, a `connectionString`, which is secret, and perhaps a `schema`.
enum AgentConnections {
    private static let fields = ["database_id", "engine", "connectionString", "schema"]
    private static let maximumCount = 100
    private static let maximumLength = 10_000

    private struct Change {
        private let values: [String: String]

        init(_ attributes: [Attribute]) throws(ServiceError) {
            var values: [String: String] = [:]
            for attribute in attributes {
                guard case .text(let text) = attribute.value, text.utf8.count <= maximumLength else {
                    throw ServiceError.invalid("\(attribute.name) must be a text of at most \(maximumLength) bytes")
                }
                let isID = ["database_id", "originalDatabaseId"].contains(attribute.name)
                values[attribute.name] = isID ? Slug.storedName(text.trimmed) : text.trimmed
            }
            self.values = values
        }

        /// `nil` where it is absent or empty.
        subscript(name: String) -> String? { values[name].flatMap { $0.isEmpty ? nil : $0 } }

        /// What is to be stored of the entry; a mask in the place of its secret is none of it.
        var stored: [String: String] {
            var stored: [String: String] = [:]
            for field in fields { stored[field] = self[field] }
            if let secret = stored["connectionString"], AgentConfiguration.isMask(secret) {
                stored["connectionString"] = nil
            }
            return stored
        }
    }

    /// Applies changes in their order. An entry without an `action` is one that stays as it is.
    ///
    /// - Throws: `invalid` for the first change that cannot be made; none is made then.
    static func merging(
        _ changes: [[Attribute]], into stored: [[Attribute]]
    ) throws(ServiceError) -> [[Attribute]] {
        var entries: [[String: String]] = []
        for attributes in stored { entries.append(try Change(attributes).stored) }
        for attributes in changes {
            let change = try Change(attributes)
            guard let id = change["database_id"] else { throw ServiceError.invalid("an entry has no database_id") }
            let place = entries.firstIndex { $0["database_id"] == change["originalDatabaseId"] ?? id }
            switch change["action"] {
            case nil:
                guard place != nil else {
                    throw ServiceError.invalid("\(id) has no action: add, update or remove")
                }
            case "remove": if let place { entries.remove(at: place) }
            case "add": try add(change, named: id, to: &entries)
            case "update":
                guard let place else { throw ServiceError.invalid("there is no \(id) to update") }
                guard !entries.indices.contains(where: { $0 != place && entries[$0]["database_id"] == id }) else {
                    throw ServiceError.invalid("there are two of \(id)")
                }
                entries[place].merge(change.stored) { $1 }
            case let action?: throw ServiceError.invalid("\(action) is no action: add, update or remove")
            }
        }
        guard entries.count <= maximumCount else {
            throw ServiceError.invalid("must have at most \(maximumCount) entries")
        }
        return entries.map { entry in fields.compactMap { name in entry[name].map { Attribute(name, .text($0)) } } }
    }

    private static func add(
        _ change: Change, named id: String, to entries: inout [[String: String]]
    ) throws(ServiceError) {
        let entry = change.stored
        guard entry["engine"] != nil, entry["connectionString"] != nil else {
            throw ServiceError.invalid("\(id) needs an engine and a connectionString")
        }
        guard !entries.contains(where: { $0["database_id"] == id }) else {
            throw ServiceError.invalid("there are two of \(id)")
        }
        entries.append(entry)
    }

    /// For people, without the secrets.
    static func masked(_ stored: [[Attribute]]) -> [[Attribute]] {
        stored.map { entry in
            entry.map {
                $0.name == "connectionString" ? Attribute($0.name, .text(AgentConfiguration.mask)) : $0
            }
        }
    }
}
