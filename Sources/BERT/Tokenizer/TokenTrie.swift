/// Byte strings and their ids, for finding the longest one that a text begins with.
///
/// A trie over bytes whose edges are in one hash table: a step is one probe in most cases, whatever the alphabet.
struct TokenTrie: Sendable {
    typealias Node = UInt32
    static let root: Node = 0

    /// Open addressing; a key is node << 8 | byte, plus 1 so that 0 means free.
    private var keys: [UInt32]
    private var targets: [Node]
    private var edgeCount = 0
    /// The id that ends at each node, or -1.
    private var ids: [Int32] = [-1]
    /// `node << 8` must fit 32 bits.
    private static let maximumNodes = 1 << 24 - 1

    /// - Parameter byteCount: about how many bytes the tokens have in all.
    init(byteCount: Int) {
        var capacity = 1024
        while capacity < byteCount { capacity *= 2 }
        keys = Array(repeating: 0, count: capacity)
        targets = keys
    }

    /// `false` where the trie is full.
    mutating func insert(_ token: some Collection<UInt8>, id: Int32) -> Bool {
        var node = Self.root
        for byte in token {
            if let next = step(node, byte) {
                node = next
                continue
            }
            guard ids.count < Self.maximumNodes else { return false }
            if edgeCount * 2 >= keys.count { grow() }
            let next = Node(ids.count)
            ids.append(-1)
            add(Self.key(node, byte), next)
            edgeCount += 1
            node = next
        }
        ids[Int(node)] = id
        return true
    }

    @inline(__always)
    func step(_ node: Node, _ byte: UInt8) -> Node? {
        let key = Self.key(node, byte), mask = keys.count - 1
        var slot = Self.slot(key, mask)
        while true {
            let found = keys[slot]
            if found == key { return targets[slot] }
            if found == 0 { return nil }
            slot = (slot + 1) & mask
        }
    }

    /// The id that ends at the node, or -1.
    @inline(__always)
    func id(at node: Node) -> Int32 { ids[Int(node)] }

    func node(of token: some Collection<UInt8>) -> Node? {
        var node = Self.root
        for byte in token {
            guard let next = step(node, byte) else { return nil }
            node = next
        }
        return node
    }

    func id(of token: some Collection<UInt8>) -> Int32? {
        guard let node = node(of: token), id(at: node) >= 0 else { return nil }
        return id(at: node)
    }

    /// Every token by its id; empty where an id has none.
    func tokens() -> [[UInt8]] {
        var parents = [(node: Node, byte: UInt8)](repeating: (Self.root, 0), count: ids.count)
        for (key, target) in zip(keys, targets) where key != 0 {
            parents[Int(target)] = ((key - 1) >> 8, UInt8((key - 1) & 0xFF))
        }
        var tokens = [[UInt8]](repeating: [], count: Int(ids.max() ?? -1) + 1)
        for (place, id) in ids.enumerated() where id >= 0 {
            var token: [UInt8] = []
            var node = Node(place)
            while node != Self.root {
                token.append(parents[Int(node)].byte)
                node = parents[Int(node)].node
            }
            tokens[Int(id)] = token.reversed()
        }
        return tokens
    }

    private static func key(_ node: Node, _ byte: UInt8) -> UInt32 { node << 8 + UInt32(byte) + 1 }

    /// Fibonacci hashing spreads neighbouring nodes.
    private static func slot(_ key: UInt32, _ mask: Int) -> Int { Int((key &* 2_654_435_769) >> 7) & mask }

    private mutating func add(_ key: UInt32, _ target: Node) {
        let mask = keys.count - 1
        var slot = Self.slot(key, mask)
        while keys[slot] != 0 { slot = (slot + 1) & mask }
        keys[slot] = key
        targets[slot] = target
    }

    private mutating func grow() {
        let oldKeys = keys, oldTargets = targets
        keys = Array(repeating: 0, count: oldKeys.count * 2)
        targets = keys
        for (key, target) in zip(oldKeys, oldTargets) where key != 0 { add(key, target) }
    }
}
