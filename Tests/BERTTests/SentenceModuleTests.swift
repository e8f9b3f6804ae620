import BERT
import Domain
import Foundation
import Testing

/// What sentence-transformers puts behind the network, and weights in several files. `TinyModelTests` compares the vectors.
@Suite struct SentenceModuleTests {
    @Test func `the last layer says how many numbers an embedding has`() throws {
        for (name, dimensions) in [("distilbert", 12), ("mpnet", 20), ("roberta", 18)] {
            let embedder = try BERTEmbedder(folder: ModelFiles.tiny(name), threads: 1)
            #expect(embedder.model.dimensions == dimensions)
            let model = try BERTModel(folder: ModelFiles.tiny(name))
            #expect(model.dimensions == dimensions)
            let vector = model.encode(["the cat"], as: .passage)[0]
            #expect(vector.count == dimensions && abs(vector.reduce(0) { $0 + $1 * $1 } - 1) < 1e-5)
        }
    }

    @Test(arguments: [
        ("2_Dense/config.json", "\"in_features\": 16", "\"in_features\": 15"),
        ("2_Dense/config.json", "\"out_features\": 12", "\"out_features\": 13"),
        ("2_Dense/config.json", "\"out_features\": 12", "\"out_features\": 0"),
        ("2_Dense/config.json", "\"out_features\": 12", "\"out_features\": 9999999999"),
        ("2_Dense/config.json", "activation.Tanh", "activation.Softmax"),
        ("modules.json", "\"2_Dense\"", "\"4_Dense\""), ("modules.json", "\"2_Dense\"", "\"../2_Dense\""),
    ]) func `a layer that does not fit is refused`(file: String, text: String, other: String) throws {
        let folder = try TemporaryFolder(copying: "distilbert")
        try folder.replace(text, with: other, in: file)
        #expect(throws: BERTError.self) { try BERTModel(folder: folder.path) }
    }

    @Test func `a scaled mean cannot have layers behind it`() throws {
        let folder = try TemporaryFolder(copying: "distilbert")
        try folder.replace("\"max\"", with: "\"mean_sqrt_len_tokens\"", in: "1_Pooling/config.json")
        #expect(throws: BERTError.self) { try BERTModel(folder: folder.path) }
    }

    @Test func `the fingerprint changes with the weights of a layer behind the pooling`() throws {
        var options = BERTOptions()
        options.id = "distilbert"
        let before = try BERTModel(folder: ModelFiles.tiny("distilbert"), options: options).description.fingerprint
        let folder = try TemporaryFolder(copying: "distilbert")
        #expect(try BERTModel(folder: folder.path, options: options).description.fingerprint == before)
        var weights = try folder.read("2_Dense/model.safetensors")
        weights[weights.count - 1] ^= 1
        try folder.write(weights, to: "2_Dense/model.safetensors")
        #expect(try BERTModel(folder: folder.path, options: options).description.fingerprint != before)
        try FileManager.default.removeItem(at: folder.url.appending(path: "2_Dense/model.safetensors"))
        #expect(throws: BERTError.fileMissing("model.safetensors")) { try BERTModel.check(folder: folder.path) }
    }

    @Test func `weights in several files are all looked for`() throws {
        let folder = try TemporaryFolder(copying: "modernbert")
        #expect(throws: Never.self) { try BERTModel.check(folder: folder.path) }
        let index = "model.safetensors.index.json"
        for name in ["../model-00001-of-00002.safetensors", "config.json", "/etc/passwd"] {
            let copy = try TemporaryFolder(copying: "modernbert")
            try copy.replace("model-00001-of-00002.safetensors", with: name, in: index)
            guard
                case .damaged(index, _) = try #require(
                    throws: BERTError.self,
                    performing: {
                        try BERTModel.check(folder: copy.path)
                    })
            else { throw ModelFiles.Missing() }
        }
        let part = "model-00002-of-00002.safetensors"
        try FileManager.default.removeItem(at: folder.url.appending(path: part))
        #expect(throws: BERTError.fileMissing(part)) { try BERTModel(folder: folder.path) }
    }

    @Test(arguments: [
        ("nomic-bert", "\"prenorm\": false", "\"prenorm\": true"),
        ("nomic-bert", "\"qkv_proj_bias\": false", "\"qkv_proj_bias\": true"),
        ("nomic-bert", "\"rotary_emb_interleaved\": false", "\"rotary_emb_interleaved\": true"),
        ("nomic-bert", "\"use_rms_norm\": false", "\"num_experts\": 8"),
        ("nomic-bert", "\"n_head\": 2", "\"n_head\": 16"), ("nomic-bert", "\"n_embd\": 16,", ""),
        ("modernbert", "\"hidden_activation\": \"gelu\"", "\"hidden_activation\": \"mish\""),
        ("modernbert", "\"local_attention\": 10", "\"local_attention\": -10"),
        ("modernbert", "\"norm_bias\": false", "\"norm_bias\": true"),
        ("modernbert", "\"num_hidden_layers\": 4", "\"num_hidden_layers\": -4"),
        ("modernbert", "\"mlp_bias\": false", "\"layer_types\": [\"full_attention\"]"),
        ("modernbert", "\"mlp_bias\": false", "\"rope_parameters\": {\"rope_type\": \"yarn\"}"),
        ("mpnet", "\"relative_attention_num_buckets\": 32", "\"relative_attention_num_buckets\": 2"),
        ("mpnet", "\"relative_attention_num_buckets\": 32", "\"relative_attention_num_buckets\": 64"),
        ("distilbert", "\"n_layers\": 2", "\"n_layers\": 7"),
    ]) func `an architecture's settings that are not those of its weights, or not known, are refused`(
        model: String, text: String, other: String
    ) throws {
        let folder = try TemporaryFolder(copying: model)
        try folder.replace(text, with: other, in: "config.json")
        #expect(throws: BERTError.self) { try BERTModel(folder: folder.path) }
    }
}
