import Foundation
import Testing

@testable import BERT

extension FuzzTests {
    private static let models = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "BERTTests/Fixtures/models")

    @Test(arguments: ["mean-gelu", "bert-unigram", "roberta"])
    func `tokenizer files`(model: String) async throws {
        let seed = try Data(contentsOf: Self.models.appending(path: "\(model)/tokenizer.json"))
        let folder = try MemoryFolder()
        let fuzzer = Fuzzer(
            "tokenizer-\(model)", seeds: [Array(seed)],
            dictionary: [
                "\"vocab\"", "\"unk_id\":", "\"normalizer\":", "-1", "1e308", "\"Unigram\"", "\"WordPiece\"",
                "\"Replace\"",
                "\"Precompiled\"", "\"id\":", "\"special\":true", "\"lstrip\":true", "999999999", "\"BPE\"",
                "\"merges\":",
            ])
        await fuzzer.run(share: 0.1) { input, _ in
            try folder.write(input, to: "tokenizer.json")
            let tokenizer = try Tokenizer(ModelFolder(path: folder.path))
            let ids = tokenizer.encode("Größe: 12 ﬁne [MASK] 日本語 e\u{301}😀 ", maximumCount: 64)
            #expect(ids.count <= 64 && ids.allSatisfy { $0 >= 0 && $0 <= tokenizer.largestID })
            return true
        }
    }

    @Test func `safetensors headers`() async {
        let header = #"{"__metadata__":{"format":"pt"},"a":{"dtype":"F32","shape":[2,2],"data_offsets":[0,16]}}"#
        var seed = withUnsafeBytes(of: UInt64(header.utf8.count).littleEndian) { Array($0) }
        seed += Array(header.utf8) + [UInt8](repeating: 1, count: 16)
        let fuzzer = Fuzzer(
            "safetensors", seeds: [seed],
            dictionary: ["\"BF16\"", "[-1,-1]", "9223372036854775807", "-16", "[0]", "[]", "\"data_offsets\":"])
        await fuzzer.run { input, _ in
            let file = try SafeTensors(Data(input))
            let tensor = try file.tensor("a", shape: [2, 2])
            var numbers = [Float](repeating: 0, count: 4)
            numbers.withUnsafeMutableBufferPointer { file.read(tensor, from: 0, count: 4, into: $0.baseAddress!) }
            return true
        }
    }

    @Test func `configurations of models`() async throws {
        let seeds = try ["mean-gelu", "mpnet", "nomic-bert", "modernbert"].map {
            Array(try Data(contentsOf: Self.models.appending(path: "\($0)/config.json")))
        }
        let folder = try MemoryFolder()
        let fuzzer = Fuzzer(
            "model-configuration", seeds: seeds,
            dictionary: ["-1", "0", "9223372036854775807", "1e300", "\"hidden_size\":", "\"vocab_size\":", "\"gelu\""])
        await fuzzer.run(share: 0.5) { input, _ in
            try folder.write(input, to: "config.json")
            _ = try ModelConfiguration(ModelFolder(path: folder.path))
            return true
        }
    }
}

/// A folder in memory that goes away with the value that owns it.
private final class MemoryFolder: Sendable {
    let path =
        (FileManager.default.fileExists(atPath: "/dev/shm") ? "/dev/shm" : NSTemporaryDirectory())
        + "/fuzz-\(UUID().uuidString)"

    init() throws { try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true) }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func write(_ bytes: [UInt8], to file: String) throws {
        try Data(bytes).write(to: URL(filePath: path + "/" + file))
    }
}
