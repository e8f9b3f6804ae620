import Foundation
import Testing

/// What `script/fixtures/make-unigram-fixtures` wrote.
enum UnigramFixtures {
    /// Other parts for a tokenizer, each as JSON.
    struct Variant: Decodable, Sendable {
        let name: String
        let base: String
        let parts: [String: String]

        func tokenizer() throws -> Data { try UnigramFixtures.tokenizer(base, parts: parts) }
    }

    static func variants() throws -> [Variant] {
        try JSONDecoder().decode([Variant].self, from: ModelFiles.data("unigram-variants.json"))
    }

    /// The strings that WordPiece is tried with, and more.
    static func strings() throws -> [String] {
        var strings: [String] = []
        var words = Numbers(try ModelFiles.data("minilm-tokens.bin"))
        while !words.isAtEnd {
            let length = Int(words.next(UInt32.self)), count = Int(words.next(UInt32.self))
            strings.append(words.text(length))
            words.skip(count * 2)
        }
        var more = Numbers(try ModelFiles.data("unigram-strings.bin"))
        while !more.isAtEnd { strings.append(more.text(Int(more.next(UInt32.self)))) }
        return strings
    }

    /// How many ids each string has, and those that a model of 512 positions is given.
    static func tokens(count: Int) throws -> [(count: Int, ids: [Int32])] {
        var numbers = Numbers(try ModelFiles.data("unigram-tokens.bin"))
        let tokens = (0..<count).map { _ in
            let count = Int(numbers.next(UInt32.self))
            return (count, (0..<min(count, 512)).map { _ in Int32(numbers.next(UInt16.self)) })
        }
        try #require(numbers.isAtEnd)
        return tokens
    }

    /// A hash of each string's ids.
    static func hashes(
        _ file: String = "unigram-variants.bin", variant: Int, count: Int
    ) throws -> [UInt16] {
        var numbers = Numbers(try ModelFiles.data(file))
        numbers.skip(variant * count * 2)
        return (0..<count).map { _ in numbers.next(UInt16.self) }
    }

    /// 64 bits of FNV-1a over the number and the ids, folded to 16.
    static func hash(_ ids: [Int32], count: Int) -> UInt16 {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        func add(_ byte: Int) { hash = (hash ^ UInt64(byte & 0xFF)) &* 0x100_0000_01b3 }
        for shift in [0, 8, 16, 24] { add(count >> shift) }
        for id in ids {
            add(Int(id))
            add(Int(id) >> 8)
        }
        return UInt16(truncatingIfNeeded: hash ^ hash >> 16 ^ hash >> 32 ^ hash >> 48)
    }

    /// The tokenizer.json of a model with other parts. Its vocabulary stays as it is written, to the last digit.
    static func tokenizer(_ base: String, parts: [String: String], model: String? = nil) throws -> Data {
        let text = String(decoding: try ModelFiles.data("models/\(base)/tokenizer.json"), as: UTF8.self)
        let middle = try #require(text.range(of: ",\"model\":"))
        let head = try #require(
            try JSONSerialization.jsonObject(with: Data((text[..<middle.lowerBound] + "}").utf8)) as? [String: Any])
        let map = (head["normalizer"] as? [String: Any])?["precompiled_charsmap"] as? String ?? ""
        var fields = "{"
        for key in ["added_tokens", "normalizer", "pre_tokenizer", "post_processor"] {
            let part = try parts[key] ?? json(head[key] ?? NSNull())
            fields += "\"\(key)\":\(part.replacing("\"@\"", with: "\"\(map)\"")),"
        }
        return Data("\(fields)\"model\":\(model ?? String(text[middle.upperBound...].dropLast()))}".utf8)
    }

    private static func json(_ value: Any) throws -> String {
        String(
            decoding: try JSONSerialization.data(withJSONObject: value, options: [.fragmentsAllowed]), as: UTF8.self)
    }
}

/// Little-endian numbers and texts, one after another.
private struct Numbers {
    private let data: Data
    private var offset = 0

    init(_ data: Data) { self.data = data }

    var isAtEnd: Bool { offset == data.count }

    mutating func next<Value: FixedWidthInteger>(_: Value.Type) -> Value {
        defer { offset += MemoryLayout<Value>.size }
        return data.withUnsafeBytes {
            Value(littleEndian: $0.loadUnaligned(fromByteOffset: offset, as: Value.self))
        }
    }

    mutating func text(_ length: Int) -> String {
        defer { offset += length }
        return String(decoding: data[offset..<offset + length], as: UTF8.self)
    }

    mutating func skip(_ count: Int) { offset += count }
}
