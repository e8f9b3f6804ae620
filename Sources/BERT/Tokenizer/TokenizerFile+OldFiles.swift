import FoundationEssentials

// RoBERTa's tokenizer as it was before there was `tokenizer.json`: the vocabulary as an object, and the merges a line each, with
// a space between their tokens.
extension TokenizerFile {
    static let vocabularyFile = "vocab.json"
    static let mergesFile = "merges.txt"

    /// The files that the tokenizer is in.
    static func files(_ folder: ModelFolder) -> [String] {
        let old = [vocabularyFile, mergesFile]
        return !folder.contains(file) && old.allSatisfy(folder.contains) ? old : [file]
    }

    /// The content of `tokenizer.json`, or what it would say in the place of the older files.
    static func content(_ folder: ModelFolder) throws(BERTError) -> Data {
        files(folder) == [file] ? try folder.map(file) : try composed(folder)
    }

    private static func composed(_ folder: ModelFolder) throws(BERTError) -> Data {
        // Decoded first, so that it can stand inside other JSON as it is.
        let ids = try folder.decode([String: Int32].self, from: vocabularyFile)
        let settings = try folder.decodeIfPresent(OldSettings.self, from: "tokenizer_config.json")
        guard let first = ids["<s>"], let last = ids["</s>"] else {
            throw .unsupported("its \(vocabularyFile) is not that of a RoBERTa")
        }
        let added = ["<s>", "<pad>", "</s>", "<unk>", "<mask>"].compactMap { token in ids[token].map { (token, $0) } }
            .map { token, id in
                """
                {"id":\(id),"content":"\(token)","single_word":false,"lstrip":\(token == "<mask>"),"rstrip":false,\
                "normalized":false}
                """
            }
        let head = """
            {"added_tokens":[\(added.joined(separator: ","))],\
            "pre_tokenizer":{"type":"ByteLevel","add_prefix_space":\(settings?.add_prefix_space ?? false)},\
            "post_processor":{"type":"RobertaProcessing","sep":["</s>",\(last)],"cls":["<s>",\(first)]},\
            "model":{"type":"BPE","merges":
            """
        return Data(head.utf8) + (try merges(folder)) + Data(",\"vocab\":".utf8) + (try folder.map(vocabularyFile))
            + Data("}}".utf8)
    }

    /// As an array in JSON.
    private static func merges(_ folder: ModelFolder) throws(BERTError) -> Data {
        let data = try folder.map(mergesFile)
        guard data.count <= ModelFolder.maximumJSONBytes, let text = String(validating: data, as: UTF8.self) else {
            throw .damaged(file: mergesFile, reason: "it is not UTF-8")
        }
        let lines = text.split(whereSeparator: \.isNewline).filter { !$0.hasPrefix("#version") }
        do { return try JSONEncoder().encode(lines.map(String.init)) } catch {
            throw .damaged(file: mergesFile, reason: "it cannot be read")
        }
    }
}

private struct OldSettings: Decodable {
    let add_prefix_space: Bool?
}
