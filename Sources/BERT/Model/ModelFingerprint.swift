import FoundationEssentials

/// A hash of a model's files by which a change of the model is noticed. Not against forgery: 64 bits of FNV-1a.
struct ModelFingerprint {
    private var hash: UInt64 = 0xcbf2_9ce4_8422_2325

    /// Reading all of the weights would take longer than loading the model; training changes nearly all of them, so these
    /// many bytes of each file show it.
    private static let sampleCount = 4096

    init(_ folder: ModelFolder) throws(BERTError) {
        for file in [ModelConfiguration.file, TokenizerFile.file, SafeTensors.file] {
            let data = try folder.map(file)
            add("\(file) \(data.count)".utf8)
            data.withUnsafeBytes { bytes in
                let step = max(1, bytes.count / Self.sampleCount)
                for offset in stride(from: 0, to: bytes.count, by: step) { add(CollectionOfOne(bytes[offset])) }
                add(bytes.suffix(64))
            }
        }
    }

    /// The fingerprint as text, what else decides on the vectors mixed in.
    func with(_ id: String, _ settings: String...) -> String {
        var copy = self
        for setting in settings {
            copy.add(setting.utf8)
            copy.add(CollectionOfOne(0))
        }
        let digits = String(copy.hash, radix: 16)
        return id + "-" + String(repeating: "0", count: 16 - digits.count) + digits
    }

    private mutating func add(_ bytes: some Sequence<UInt8>) {
        for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
    }
}
