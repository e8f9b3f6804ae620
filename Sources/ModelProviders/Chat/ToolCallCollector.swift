import Domain
import OrderedJSON

/// Puts the calls of a reply together from their stretches.
struct ToolCallCollector {
    private struct Entry {
        /// The vendor's number.
        let index: Int?
        /// The vendor's id, until then empty.
        var vendorID = ""
        var call: ToolCall
        /// Its place among the calls that have a name; `nil` as long as it has none.
        var place: Int?
    }

    private var entries: [Entry] = []
    private var namedCount = 0

    /// In the order in which they were named; those without a name are none. A call that came without an id is given one,
    /// since its result has to name it.
    var complete: [ToolCall] {
        entries.filter { $0.place != nil }.sorted { ($0.place ?? 0) < ($1.place ?? 0) }.map { entry in
            var call = entry.call
            call.values = Self.values(in: call.arguments)
            return call
        }
    }

    /// Models leave arguments empty where a tool takes none.
    private static func values(in arguments: String) -> [String: Scalar]? {
        if arguments.allSatisfy(\.isWhitespace) { return [:] }
        guard let object = (try? JSON(parsing: arguments))?.objectValue else { return nil }
        return Dictionary(object.attributes.map { ($0.name, $0.value) }, uniquingKeysWith: { $1 })
    }

    /// Adds a stretch. Gives what it adds to its call; `nil` where nothing is known yet that could be told.
    mutating func add(_ part: ReplyPart.ToolCallPart) -> ToolCallPiece? {
        let position = position(of: part) ?? begin(part)
        if let id = part.id, !id.isEmpty { entries[position].vendorID = id }
        entries[position].call.arguments += part.arguments
        if let signature = part.signature { entries[position].call.signature = signature }
        if let place = entries[position].place {
            // Some vendors repeat the name with every stretch.
            return part.arguments.isEmpty
                ? nil : ToolCallPiece(index: place, id: nil, name: nil, arguments: part.arguments)
        }
        guard let name = part.name, !name.isEmpty else { return nil }
        return named(name, at: position)
    }

    private mutating func begin(_ part: ReplyPart.ToolCallPart) -> Int {
        entries.append(Entry(index: part.index, call: ToolCall(id: "", name: "", arguments: "")))
        return entries.count - 1
    }

    /// The first piece that is told of a call. Its id is settled with it.
    private mutating func named(_ name: String, at position: Int) -> ToolCallPiece {
        let id = entries[position].vendorID
        entries[position].place = namedCount
        entries[position].call.name = name
        entries[position].call.id = id.isEmpty ? "call_\(namedCount)_\(UUIDText.random())" : id
        namedCount += 1
        let call = entries[position].call
        return ToolCallPiece(index: namedCount - 1, id: call.id, name: name, arguments: call.arguments)
    }

    /// Which call goes on. Vendors number them, or repeat the id, or do neither and send one after the other, each whole.
    private func position(of part: ReplyPart.ToolCallPart) -> Int? {
        if let index = part.index {
            // Two calls under one number, told apart by their ids, are two calls.
            return entries.lastIndex { $0.index == index && (part.id ?? "").isSameOrEmpty(as: $0.vendorID) }
        }
        if let id = part.id, !id.isEmpty { return entries.lastIndex { $0.vendorID == id } }
        return part.name == nil ? entries.indices.last : nil
    }
}

extension String {
    fileprivate func isSameOrEmpty(as other: String) -> Bool { isEmpty || other.isEmpty || self == other }
}
