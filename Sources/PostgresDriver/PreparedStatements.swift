/// Which statements a connection has prepared, by their texts; of more than `capacity` the least recently used is dropped.
struct PreparedStatements {
    private struct Entry {
        let name: String
        var lastUse: Int
    }

    private let capacity: Int
    private var entries: [String: Entry] = [:]
    private var clock = 0

    init(capacity: Int) { self.capacity = capacity }

    var count: Int { entries.count }

    mutating func name(of text: String) -> String? {
        guard let index = entries.index(forKey: text) else { return nil }
        clock += 1
        entries.values[index].lastUse = clock
        return entries.values[index].name
    }

    /// A name for a new statement, and that of the one which has to make room for it.
    mutating func insert(_ text: String) -> (name: String, evicted: String?) {
        var evicted: String?
        if entries.count >= capacity, let oldest = entries.min(by: { $0.value.lastUse < $1.value.lastUse }) {
            evicted = entries.removeValue(forKey: oldest.key)?.name
        }
        clock += 1
        let name = "s\(clock)"
        entries[text] = Entry(name: name, lastUse: clock)
        return (name, evicted)
    }

    mutating func remove(_ text: String) { entries[text] = nil }

    mutating func removeAll() { entries = [:] }
}
