import Domain
import FoundationEssentials

/// A hash of a model's files by which a change of the model is noticed, not a forgery.
struct ModelFingerprint {
    private var hash = FNV1a()

    /// Reading all of the weights would take longer than loading the model; training changes nearly all of them, so these
    /// many bytes of each file show it.
    private static let sampleCount = 4096

    /// - Parameter layers: the folders of what comes behind the pooling.
    init(_ folder: ModelFolder, layers: [ModelFolder] = []) throws(BERTError) {
        try add(folder, [ModelConfiguration.file] + TokenizerFile.files(folder) + SafeTensors.files(folder))
        for layer in layers { try add(layer, [ModelConfiguration.file] + SafeTensors.files(layer)) }
    }

    private mutating func add(_ folder: ModelFolder, _ files: [String]) throws(BERTError) {
        for file in files {
            let data = try folder.map(file)
            hash.add("\(file) \(data.count)")
            data.withUnsafeBytes { bytes in
                let step = max(1, bytes.count / Self.sampleCount)
                for offset in stride(from: 0, to: bytes.count, by: step) { hash.add(bytes[offset]) }
                hash.add(UnsafeRawBufferPointer(rebasing: bytes.suffix(64)))
            }
        }
    }

    /// The fingerprint as text, what else decides on the vectors mixed in.
    func with(_ id: String, _ settings: String...) -> String {
        var hash = hash
        for setting in settings {
            hash.add(setting)
            hash.add(0)
        }
        let digits = hash.hexadecimal
        return id + "-" + String(repeating: "0", count: 16 - digits.count) + digits
    }
}
