import Domain

/// Puts the calls of a reply together from their stretches.
struct ToolCallCollector {
    private var calls: [(index: Int?, call: ToolCall)] = []

    /// In the order in which they began; those without a name are none. A call that came without an id is given one, since
    /// its result has to name it.
    var complete: [ToolCall] {
        calls.enumerated().compactMap { position, entry in
            guard !entry.call.name.isEmpty else { return nil }
            var call = entry.call
            if call.id.isEmpty { call.id = "call_\(position)_\(UUIDText.random())" }
            return call
        }
    }

    mutating func add(_ part: ChatCompletionPart.ToolCallPart) {
        guard let position = position(of: part) else {
            let call = ToolCall(id: part.id ?? "", name: part.name ?? "", arguments: part.arguments)
            calls.append((part.index, call))
            return
        }
        if let id = part.id, !id.isEmpty { calls[position].call.id = id }
        // Some vendors repeat the name with every stretch.
        if calls[position].call.name.isEmpty { calls[position].call.name = part.name ?? "" }
        calls[position].call.arguments += part.arguments
    }

    /// Which call goes on. Vendors number them, or repeat the id, or do neither and send one after the other, each whole.
    private func position(of part: ChatCompletionPart.ToolCallPart) -> Int? {
        if let index = part.index {
            // Two calls under one number, told apart by their ids, are two calls.
            return calls.lastIndex { $0.index == index && (part.id ?? "").isSameOrEmpty(as: $0.call.id) }
        }
        if let id = part.id, !id.isEmpty { return calls.lastIndex { $0.call.id == id } }
        return part.name == nil ? calls.indices.last : nil
    }
}

extension String {
    fileprivate func isSameOrEmpty(as other: String) -> Bool { isEmpty || other.isEmpty || self == other }
}
