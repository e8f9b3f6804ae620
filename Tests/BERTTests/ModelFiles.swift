import BERT
import Foundation
import Testing

/// Where the tests find models and fixtures.
enum ModelFiles {
    private static let testFolder = URL(filePath: #filePath).deletingLastPathComponent()

    static let fixtures = testFolder.appending(path: "Fixtures")

    struct Missing: Error, CustomStringConvertible {
        var description: String {
            "The model all-MiniLM-L6-v2 is missing. Run script/fetch-model, or set LECTERN_MODEL_DIR to its folder."
        }
    }

    /// The folder of all-MiniLM-L6-v2: `LECTERN_MODEL_DIR`, else `models/all-MiniLM-L6-v2` in a folder above this file.
    static func miniLM() throws -> String {
        if let path = ProcessInfo.processInfo.environment["LECTERN_MODEL_DIR"], !path.isEmpty {
            guard FileManager.default.fileExists(atPath: path + "/model.safetensors") else { throw Missing() }
            return path
        }
        var folder = testFolder
        while folder.path.count > 1 {
            let candidate = folder.appending(path: "models/all-MiniLM-L6-v2")
            if FileManager.default.fileExists(atPath: candidate.appending(path: "model.safetensors").path) {
                return candidate.path
            }
            folder.deleteLastPathComponent()
        }
        throw Missing()
    }

    /// all-MiniLM-L6-v2 as most tests want it, loaded once.
    static let fastMiniLM = Result { try BERTModel(folder: miniLM()) }

    static func tiny(_ name: String) -> String { fixtures.appending(path: "models/\(name)").path }

    static func data(_ name: String) throws -> Data { try Data(contentsOf: fixtures.appending(path: name)) }
}

/// 200 texts and what sentence-transformers makes of them.
struct ReferenceEmbeddings: Decodable {
    let chunks: [String]
    let queries: [String]

    var texts: [String] { chunks + queries }

    static func load() throws -> ReferenceEmbeddings {
        try JSONDecoder().decode(Self.self, from: ModelFiles.data("minilm-texts.json"))
    }

    static func vectors() throws -> [[Float]] {
        let data = try ModelFiles.data("minilm-vectors.f32")
        return stride(from: 0, to: data.count, by: 384 * 4).map { start in
            (0..<384).map { column in
                data.withUnsafeBytes {
                    Float(
                        bitPattern: $0.loadUnaligned(fromByteOffset: start + column * 4, as: UInt32.self).littleEndian)
                }
            }
        }
    }
}

/// A folder that goes away with the value that owns it.
final class TemporaryFolder {
    let url = FileManager.default.temporaryDirectory.appending(path: "bert-\(UUID().uuidString)")

    var path: String { url.path }

    /// A copy of a tiny model, for damaging.
    init(copying model: String) throws {
        try FileManager.default.copyItem(atPath: ModelFiles.tiny(model), toPath: url.path)
    }

    deinit { try? FileManager.default.removeItem(at: url) }

    func read(_ file: String) throws -> Data { try Data(contentsOf: url.appending(path: file)) }

    func write(_ data: Data, to file: String) throws { try data.write(to: url.appending(path: file)) }

    func replace(_ text: String, with other: String, in file: String) throws {
        let content = String(decoding: try read(file), as: UTF8.self)
        try #require(content.contains(text))
        try write(Data(content.replacing(text, with: other).utf8), to: file)
    }
}

func cosine(_ left: [Float], _ right: [Float]) -> Double {
    var dot = 0.0, leftSquares = 0.0, rightSquares = 0.0
    for (a, b) in zip(left, right) {
        dot += Double(a) * Double(b)
        leftSquares += Double(a) * Double(a)
        rightSquares += Double(b) * Double(b)
    }
    return left.count == right.count ? dot / (leftSquares * rightSquares).squareRoot() : .nan
}
