import BERT
import Domain
import Foundation
import TestSupport
import Testing

/// Maps of replacements that are damaged on purpose; what sound ones do is in `UnigramTokenizerTests`.
@Suite struct PrecompiledMapTests {
    /// A model whose normalizer has this map.
    private func model(_ map: Data) throws -> BERTModel {
        let folder = try TemporaryFolder(copying: "bert-unigram")
        let normalizer = "{\"type\":\"Precompiled\",\"precompiled_charsmap\":\"\(map.base64EncodedString())\"}"
        try folder.write(
            UnigramFixtures.tokenizer("bert-unigram", parts: ["normalizer": normalizer]), to: "tokenizer.json")
        return try BERTModel(folder: folder.path)
    }

    private func map(_ units: [UInt32], _ replacements: [UInt8]) -> Data {
        ([UInt32(units.count * 4)] + units).reduce(into: Data()) { data, unit in
            withUnsafeBytes(of: unit.littleEndian) { data += $0 }
        } + Data(replacements)
    }

    private static func zeros(count: Int) -> Data {
        withUnsafeBytes(of: UInt32(count * 4).littleEndian) { Data($0) } + Data(count: count * 4)
    }

    /// `a` becomes what begins at `value`. The root's children are at 256, those of `a` at 512.
    private func small(value: UInt32 = 0) -> [UInt32] {
        var units = [UInt32](repeating: 0, count: 768)
        units[0] = 256 << 10
        units[256 ^ 0x61] = UInt32(256 ^ 512 ^ 0x61) << 10 | 1 << 8 | 0x61
        units[512] = 1 << 31 | value
        return units
    }

    private func expectDamaged(_ map: Data, _ comment: Comment) throws {
        let error = try #require(throws: BERTError.self, comment) { try model(map) }
        guard case .damaged(let file, _) = error else { throw error }
        #expect(file == "tokenizer.json")
    }

    @Test func `a small map replaces`() throws {
        let replaced = try model(map(small(value: 4), Array("xyz\0the\0".utf8)))
        let removed = try model(map(small(value: 8), Array("xyz\0the\0".utf8)))
        let none = try model(map([UInt32](repeating: 0, count: 256), []))
        #expect(replaced.tokens("a bab") == none.tokens("the btheb"))
        #expect(removed.tokens("a bab") == none.tokens(" bb"))
        #expect(replaced.tokens("a bab") != removed.tokens("a bab"))
    }

    @Test func `every cut of a map is refused or harmless`() throws {
        let whole = map(small(), Array("thing\0".utf8))
        for length in stride(from: 0, to: 4 + 768 * 4, by: 61) {
            try expectDamaged(whole.prefix(length), "\(length) bytes")
        }
        for length in 4 + 768 * 4..<whole.count { #expect(try model(whole.prefix(length)).tokenCount("a cat") > 2) }
    }

    @Test func `a map that leads out of its trie is refused`() throws {
        var units = small()
        units[0] = 768 << 10
        try expectDamaged(map(units, [0]), "root")
        units[0] = 1 << 9 | 0xFFFF_FC00
        try expectDamaged(map(units, [0]), "root, far away")
        units = small()
        units[256 ^ 0x61] = 0x3FFF << 10 | 0x61
        try expectDamaged(map(units, [0]), "child")
        try expectDamaged(map(Array(small().dropLast(700)), [0]), "too few units")
        try expectDamaged(map([], []), "no units")
        try expectDamaged(Self.zeros(count: 1 << 22 + 256), "too many units")
    }

    @Test func `a map that goes in circles is refused`() throws {
        var units = small()
        units[256 ^ 0x61] = UInt32(0x61) << 10 | 0x61
        try expectDamaged(map(units, [0]), "children are the root's")
        units = small()
        units[512 ^ 0x62] = UInt32(512 ^ 256 ^ 0x62) << 10 | 0x62
        try expectDamaged(map(units, [0]), "children of a child are the root's")
    }

    @Test func `ends that are shared are no circle`() throws {
        var units = small()
        units[256 ^ 0x62] = UInt32(256 ^ 512 ^ 0x62) << 10 | 1 << 8 | 0x62
        let model = try model(map(units, Array("the\0".utf8)))
        #expect(model.tokens("a") == model.tokens("b"))
    }

    @Test func `replacements that are not there are refused`() throws {
        try expectDamaged(map(small(value: 5), Array("the\0".utf8)), "behind the end")
        try expectDamaged(map(small(value: 0x7FFF_FFFF), Array("the\0".utf8)), "far behind the end")
        try expectDamaged(map(small(value: 1), Array("é\0".utf8)), "inside a code point")
        try expectDamaged(map(small(), [0xFF, 0]), "not UTF-8")
        try expectDamaged(map(small(), [UInt8](repeating: 0x61, count: 100_000)), "endless")
    }

    @Test func `random damage gives an error or a working model`() throws {
        let whole = map(small(), Array("the harbour\0".utf8))
        var random = SplitMix64(seed: 11)
        for _ in 0..<400 {
            var damaged = whole
            for _ in 0..<Int.random(in: 1...8, using: &random) {
                // Near the units that are in use, which are few.
                let unit = [0, 256 ^ 0x61, 512, 256 ^ 0x62, 512 ^ 0x61].randomElement(using: &random) ?? 0
                damaged[4 + unit * 4 + Int.random(in: 0..<4, using: &random)] = .random(in: 0...255, using: &random)
            }
            guard let model = try? model(damaged) else { continue }
            #expect(model.tokenCount("a bad cab aa ab ba") >= 2)
        }
    }

    @Test func `what is no base64 is refused`() throws {
        for text in ["", "AAAA", "!!!!", "AAAAA", "/////w=="] {
            let folder = try TemporaryFolder(copying: "bert-unigram")
            let normalizer = "{\"type\":\"Precompiled\",\"precompiled_charsmap\":\"\(text)\"}"
            try folder.write(
                UnigramFixtures.tokenizer("bert-unigram", parts: ["normalizer": normalizer]), to: "tokenizer.json")
            #expect(throws: BERTError.self) { try BERTModel(folder: folder.path) }
        }
    }
}
