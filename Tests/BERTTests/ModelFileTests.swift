import BERT
import Domain
import Foundation
import TestSupport
import Testing

/// What is wrong with a model's files is said, and nothing in them can bring the process down.
@Suite struct ModelFileTests {
    private func error(_ folder: TemporaryFolder) throws -> BERTError {
        try #require(throws: BERTError.self) { try BERTModel(folder: folder.path) }
    }

    @Test func `a missing folder and missing files are named`() throws {
        #expect(throws: BERTError.folderMissing) { try BERTModel(folder: "/nonexistent/model") }
        for file in ["config.json", "tokenizer.json", "model.safetensors"] {
            let folder = try TemporaryFolder(copying: "mean-gelu")
            try FileManager.default.removeItem(at: folder.url.appending(path: file))
            #expect(try error(folder) == .fileMissing(file))
        }
    }

    @Test func `every cut of the weights is refused`() throws {
        let folder = try TemporaryFolder(copying: "mean-gelu")
        let whole = try folder.read("model.safetensors")
        for length in [0, 1, 7, 8, 9, 100, 1000, whole.count / 2, whole.count - 1] {
            try folder.write(whole.prefix(length), to: "model.safetensors")
            guard case .damaged(let file, _) = try error(folder) else { throw try error(folder) }
            #expect(file == "model.safetensors")
        }
    }

    @Test(arguments: [
        ("[32,32]", "[16,64]"), ("[32,32]", "[-32,-32]"), ("[32,32]", "[4611686018427387904,4]"),
        ("\"F32\"", "\"I32\""),
        ("\"data_offsets\":[", "\"data_offsets\":[1"), ("\"data_offsets\":[", "\"data_offsets\":[-"),
        ("embeddings.word_embeddings.weight", "embeddings.word_embeddings.weighs"),
    ]) func `a header that does not fit is refused`(text: String, other: String) throws {
        let folder = try TemporaryFolder(copying: "mean-gelu")
        let whole = try folder.read("model.safetensors")
        let length = whole.withUnsafeBytes { Int(UInt64(littleEndian: $0.loadUnaligned(as: UInt64.self))) }
        let header = String(decoding: whole[8..<8 + length], as: UTF8.self)
        try #require(header.contains(text))
        let changed = Data(header.replacing(text, with: other).utf8)
        var file = withUnsafeBytes(of: UInt64(changed.count).littleEndian) { Data($0) }
        file += changed + whole[(8 + length)...]
        try folder.write(file, to: "model.safetensors")
        _ = try error(folder)
    }

    @Test func `random damage gives an error or a working model`() throws {
        let folder = try TemporaryFolder(copying: "mean-gelu")
        let files = ["model.safetensors", "config.json", "tokenizer.json", "modules.json", "1_Pooling/config.json"]
        var random = SplitMix64(seed: 7)
        for file in files {
            let whole = try folder.read(file)
            for _ in 0..<60 {
                var damaged = whole
                for _ in 0..<Int.random(in: 1...4, using: &random) {
                    // Most of a weights file is numbers; its header is where damage can do harm.
                    damaged[Int.random(in: 0..<min(whole.count, 6000), using: &random)] = .random(
                        in: 0...255, using: &random)
                }
                try folder.write(damaged, to: file)
                if let model = try? BERTModel(folder: folder.path) {
                    #expect(model.encode(["the cat sat"], as: .query)[0].count == model.dimensions)
                }
            }
            try folder.write(whole, to: file)
        }
    }

    @Test(arguments: [
        ("\"hidden_size\": 32", "\"hidden_size\": 0"), ("\"hidden_size\": 32", "\"hidden_size\": 33"),
        ("\"num_attention_heads\": 4", "\"num_attention_heads\": -4"),
        ("\"num_attention_heads\": 4", "\"num_attention_heads\": 5"),
        ("\"num_hidden_layers\": 2", "\"num_hidden_layers\": 3"),
        ("\"num_hidden_layers\": 2", "\"num_hidden_layers\": 2000000"),
        ("\"intermediate_size\": 48", "\"intermediate_size\": 4611686018427387904"),
        ("\"max_position_embeddings\": 160", "\"max_position_embeddings\": 100000000"),
    ]) func `sizes that cannot be are refused`(text: String, other: String) throws {
        let folder = try TemporaryFolder(copying: "mean-gelu")
        try folder.replace(text, with: other, in: "config.json")
        guard case .damaged = try error(folder) else { throw try error(folder) }
    }

    @Test(arguments: [
        ("config.json", "\"model_type\": \"bert\"", "\"model_type\": \"electra\"", "electra"),
        ("config.json", "\"model_type\": \"bert\"", "\"model_type\": \"electra\"", "distilbert, m"),
        ("config.json", "\"hidden_act\": \"gelu\"", "\"hidden_act\": \"mish\"", "mish"),
        (
            "config.json", "\"num_hidden_layers\"",
            "\"position_embedding_type\": \"relative_key\", \"num_hidden_layers\"", "position"
        ),
        ("modules.json", "models.Normalize", "models.LSTM", "LSTM"),
        (
            "1_Pooling/config.json", "\"pooling_mode_mean_tokens\"", "\"pooling_mode_weightedmean_tokens\"",
            "weightedmean"
        ),
    ]) func `a model of another kind is refused by name`(file: String, text: String, other: String, name: String) throws
    {
        let folder = try TemporaryFolder(copying: "mean-gelu")
        try folder.replace(text, with: other, in: file)
        guard case .unsupported(let reason) = try error(folder) else { throw try error(folder) }
        #expect(reason.contains(name))
    }

    @Test func `a module cannot lead out of the folder`() throws {
        let folder = try TemporaryFolder(copying: "mean-gelu")
        try folder.replace("\"path\": \"\"", with: "\"path\": \"../../etc\"", in: "modules.json")
        #expect(try error(folder) == .damaged(file: "modules.json", reason: "a module's path leads out of the folder"))
        try folder.replace("\"path\": \"../../etc\"", with: "\"path\": \"/etc\"", in: "modules.json")
        #expect(try error(folder) == .damaged(file: "modules.json", reason: "a module's path leads out of the folder"))
    }

    @Test func `weights that are not numbers do no harm`() throws {
        let folder = try TemporaryFolder(copying: "mean-gelu")
        var weights = try folder.read("model.safetensors")
        for offset in (weights.count - 60_000)..<weights.count { weights[offset] = 0xff }
        try folder.write(weights, to: "model.safetensors")
        let model = try BERTModel(folder: folder.path)
        #expect(model.encode([String(repeating: "the cat ", count: 60)], as: .query)[0].count == 32)
    }

    @Test func `an instruction set that does not exist is refused`() {
        var options = BERTOptions()
        options.instructionSet = "avx9"
        #expect(throws: BERTError.unsupported("there are no kernels called avx9")) {
            try BERTModel(folder: ModelFiles.tiny("mean-gelu"), options: options)
        }
    }
}
