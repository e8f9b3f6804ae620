import BERTKernels
import FoundationEssentials

/// Tensors in safetensors files: 8 bytes that give the length of a JSON header, the header, then the numbers
/// (https://github.com/huggingface/safetensors). Every offset is checked before anything is read.
struct SafeTensors: Sendable {
    static let file = "model.safetensors"
    /// Which of several files holds which tensor.
    static let index = "model.safetensors.index.json"

    enum ElementType: String, Sendable {
        case f32 = "F32"
        case f16 = "F16"
        case bf16 = "BF16"

        var size: Int { self == .f32 ? 4 : 2 }
    }

    /// Where a tensor's numbers are.
    struct Tensor: Sendable {
        let name: String
        /// `nil` for types that no weight has, such as the integers of `position_ids`.
        let type: ElementType?
        let shape: [Int]
        /// Which of the files it is in.
        let part: Int
        let bytes: Range<Int>
    }

    private var parts: [Data] = []
    private var tensors: [String: Tensor] = [:]

    init(_ folder: ModelFolder) throws(BERTError) {
        for file in try Self.files(folder) { try add(folder.map(file), file) }
    }

    /// The tensors of one file.
    init(_ data: Data) throws(BERTError) { try add(data, Self.file) }

    /// The files that the weights are in: one, or those that an index names.
    static func files(_ folder: ModelFolder) throws(BERTError) -> [String] {
        guard !folder.contains(file), let map = try folder.decodeIfPresent(IndexFile.self, from: index)?.weight_map
        else {
            return [file]
        }
        let files = Set(map.values).sorted()
        guard !files.isEmpty, files.count <= 1000,
            files.allSatisfy({ !$0.contains("/") && $0.hasSuffix(".safetensors") })
        else { throw .damaged(file: index, reason: "it names files that weights cannot be in") }
        return files
    }

    private mutating func add(_ data: Data, _ file: String) throws(BERTError) {
        func damaged(_ reason: String) -> BERTError { .damaged(file: file, reason: reason) }
        guard data.count >= 8 else { throw damaged("it ends before its header") }
        let headerLength = data.withUnsafeBytes { UInt64(littleEndian: $0.loadUnaligned(as: UInt64.self)) }
        guard headerLength <= UInt64(min(data.count - 8, 100 << 20)) else {
            throw damaged("its header is cut short")
        }
        let body = 8 + Int(headerLength)
        let header: Header
        do {
            header = try JSONDecoder().decode(
                Header.self, from: Data(data[data.startIndex + 8..<data.startIndex + body]))
        } catch {
            throw damaged("its header is not the JSON that was expected")
        }
        for (name, entry) in header.entries {
            do throws(DamagedTensor) {
                let bytes = try Self.bytes(entry, body: body, fileSize: data.count)
                let type = ElementType(rawValue: entry.dtype)
                tensors[name] = Tensor(name: name, type: type, shape: entry.shape, part: parts.count, bytes: bytes)
            } catch {
                throw damaged("tensor \(name) \(error.reason)")
            }
        }
        parts.append(data)
    }

    func contains(_ name: String) -> Bool { tensors[name] != nil }

    /// The tensor, which must have this shape and hold floating-point numbers.
    func tensor(_ name: String, shape: [Int]) throws(BERTError) -> Tensor {
        guard let tensor = tensors[name] else { throw Self.damaged("it has no tensor \(name)") }
        guard tensor.shape == shape else {
            throw Self.damaged("tensor \(name) has the shape \(tensor.shape), not \(shape)")
        }
        guard tensor.type != nil else { throw BERTError.unsupported("tensor \(name) is not F32, F16 or BF16") }
        return tensor
    }

    /// Widens `count` numbers of the tensor from `first` on into `target`.
    func read(_ tensor: Tensor, from first: Int, count: Int, into target: UnsafeMutablePointer<Float>) {
        guard let type = tensor.type else { preconditionFailure("tensor(_:shape:) lets only floats through") }
        let range = tensor.bytes.lowerBound + first * type.size..<tensor.bytes.lowerBound + (first + count) * type.size
        precondition(range.upperBound <= tensor.bytes.upperBound)
        parts[tensor.part].withUnsafeBytes { all in
            // The format aligns nothing, so the bytes are copied. Every shape has at least one number in a row, so there is
            // an address.
            let source = UnsafeRawBufferPointer(rebasing: all[range])
            guard type != .f32 else {
                UnsafeMutableRawPointer(target).copyMemory(from: source.baseAddress!, byteCount: source.count)
                return
            }
            withUnsafeTemporaryAllocation(of: UInt16.self, capacity: count) { halves in
                UnsafeMutableRawBufferPointer(halves).copyMemory(from: source)
                (type == .f16 ? bk_widen_f16 : bk_widen_bf16)(count, halves.baseAddress, target)
            }
        }
    }

    private static func damaged(_ reason: String) -> BERTError { .damaged(file: file, reason: reason) }

    private struct DamagedTensor: Error {
        let reason: String
    }

    private static func bytes(_ entry: Header.Entry, body: Int, fileSize: Int) throws(DamagedTensor) -> Range<Int> {
        guard entry.data_offsets.count == 2, entry.data_offsets[0] >= 0,
            entry.data_offsets[0] <= entry.data_offsets[1], entry.data_offsets[1] <= fileSize - body
        else { throw DamagedTensor(reason: "lies outside the file, which may be cut short") }
        let bytes = body + entry.data_offsets[0]..<body + entry.data_offsets[1]
        guard let type = ElementType(rawValue: entry.dtype) else { return bytes }
        var size = type.size
        for dimension in entry.shape {
            let (product, overflow) = size.multipliedReportingOverflow(by: dimension)
            guard dimension >= 0, !overflow else { throw DamagedTensor(reason: "has an impossible shape") }
            size = product
        }
        guard size == bytes.count else { throw DamagedTensor(reason: "is not as long as its shape says") }
        return bytes
    }
}

private struct IndexFile: Decodable {
    let weight_map: [String: String]
}

/// The JSON object in front of the tensors: one entry for each, and free text under `__metadata__`.
private struct Header: Decodable {
    struct Entry: Decodable {
        let dtype: String
        let shape: [Int]
        let data_offsets: [Int]  // as the format spells it
    }

    struct Key: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }
        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }

    let entries: [String: Entry]

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        var entries: [String: Entry] = [:]
        for key in container.allKeys where key.stringValue != "__metadata__" {
            entries[key.stringValue] = try container.decode(Entry.self, forKey: key)
        }
        self.entries = entries
    }
}
