import BERT
import Domain
import Engine
import Foundation

/// The models of the embedder in this process, and where they are.
struct InProcessModels: Sendable {
    /// The folder of the model that is used where no other is set.
    let standardFolder: String
    /// The others are in `models/<name>` in there.
    let storage: String

    /// What models are to be given in front of texts where the files that they are published with do not say so.
    private static let prompts = [
        "MintplexLabs/multilingual-e5-small": (query: "query: ", passage: "passage: "),
        "Xenova/nomic-embed-text-v1": (query: "search_query: ", passage: "search_document: "),
    ]

    /// - Parameter id: one of `SettingsSnapshot.nativeEmbeddingModels`.
    /// - Throws: `unavailable` where it is not there or cannot be loaded.
    func embedder(_ id: String, instructionSet: String?) throws(ServiceError) -> any Embedder {
        var options = BERTOptions()
        options.instructionSet = instructionSet
        var folder = standardFolder
        if id == SettingsSnapshot.nativeEmbeddingModels[0] {
            // Another model may have been put in its place, and has its own name.
            let isStandard = (folder as NSString).lastPathComponent == ServerConfiguration.defaultModel
            options.id = isStandard ? id : nil
        } else {
            folder = "\(storage)/models/\(id)"
            guard FileManager.default.fileExists(atPath: folder) else {
                throw ServiceError(
                    .unavailable,
                    "The embedding model \(id) is not on this machine. Put its config.json, tokenizer.json and "
                        + "model.safetensors into models/\(id) in the storage directory, then choose it again.")
            }
            options.id = id
            options.queryPrompt = Self.prompts[id]?.query
            options.passagePrompt = Self.prompts[id]?.passage
        }
        do throws(BERTError) {
            return try BERTEmbedder(
                folder: folder, options: options, threads: ProcessInfo.processInfo.activeProcessorCount)
        } catch {
            throw ServiceError(.unavailable, "The embedding model \(id) cannot be loaded: \(error)", cause: error)
        }
    }
}
