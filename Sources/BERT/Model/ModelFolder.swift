import FoundationEssentials

/// The folder that a model's files are read from.
struct ModelFolder {
    let path: String

    var name: String { String(path.split(separator: "/").last ?? "") }

    /// JSON files of models are at most some tens of megabytes (the vocabulary).
    static let maximumJSONBytes = 256 << 20

    init(path: String) throws(BERTError) {
        var isDirectory = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory), isDirectory else {
            throw .folderMissing
        }
        self.path = path
    }

    /// The folder of a module, as `modules.json` names it; `""` is this folder.
    func subfolder(_ name: String) throws(BERTError) -> ModelFolder {
        if name.isEmpty { return self }
        guard !name.hasPrefix("/"), !name.split(separator: "/").contains("..") else {
            throw .damaged(file: "modules.json", reason: "a module's path leads out of the folder")
        }
        do { return try ModelFolder(path: path + "/" + name) } catch { throw .fileMissing(name) }
    }

    func contains(_ file: String) -> Bool { FileManager.default.fileExists(atPath: path + "/" + file) }

    /// The whole file, mapped and not read.
    func map(_ file: String) throws(BERTError) -> Data {
        let fullPath = path + "/" + file
        guard contains(file) else { throw .fileMissing(file) }
        do {
            return try Data(contentsOf: URL(filePath: fullPath), options: .alwaysMapped)
        } catch {
            throw .damaged(file: file, reason: "it cannot be read")
        }
    }

    func decode<Value: Decodable>(_ type: Value.Type, from file: String) throws(BERTError) -> Value {
        let data = try map(file)
        guard data.count <= Self.maximumJSONBytes else { throw .damaged(file: file, reason: "it is too large") }
        do {
            return try JSONDecoder().decode(type, from: data)
        } catch let error as BERTError {
            throw error
        } catch {
            throw .damaged(file: file, reason: "it is not the JSON that was expected")
        }
    }

    /// `nil` where the file does not exist.
    func decodeIfPresent<Value: Decodable>(_ type: Value.Type, from file: String) throws(BERTError) -> Value? {
        do {
            return try decode(type, from: file)
        } catch {
            if case .fileMissing = error { return nil }
            throw error
        }
    }
}
