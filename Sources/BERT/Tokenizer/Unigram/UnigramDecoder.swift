/// Makes texts of ids again.
struct UnigramDecoder: Sendable {
    /// The pieces one behind the other, and where each ends.
    private let pieces: [UInt8]
    private let ends: [Int]
    /// What is looked for in the text itself, by id.
    private let addedTokens: [Int: [UInt8]]
    /// The bytes that ids stand for where they spell unknown text.
    private let spelt: [Int: UInt8]
    private let replacement: [UInt8]
    private let dropsPrefix: Bool

    init(_ entry: UnigramEntry, _ added: [AddedToken], _ metaspace: Metaspace?) {
        pieces = entry.pieces
        ends = entry.ends
        addedTokens = Dictionary(added.map { (Int($0.id), Array($0.content.utf8)) }) { $1 }
        replacement = metaspace?.replacement ?? Array("▁".utf8)
        dropsPrefix = metaspace?.prefix != .never
        var spelt: [Int: UInt8] = [:]
        if entry.fallsBackToBytes {
            let bytes = Dictionary(
                uniqueKeysWithValues: (0...0xFF).map { (UnigramVocabulary.byteToken($0), UInt8($0)) })
            for id in ends.indices { spelt[id] = bytes[Array(Self.piece(id, entry.pieces, entry.ends))] }
        }
        self.spelt = spelt
    }

    /// The text of each array of ids, `skipped` ids left out; `nil` for an id without a token.
    func texts(of arrays: [[Int]], skipping skipped: Set<Int>) -> [String]? {
        var texts: [String] = []
        texts.reserveCapacity(arrays.count)
        for ids in arrays {
            var text: [UInt8] = []
            for id in ids where !skipped.contains(id) {
                if let token = addedTokens[id] {
                    text += token
                } else if let byte = spelt[id] {
                    text.append(byte)
                } else if ends.indices.contains(id) {
                    appendSpaced(Self.piece(id, pieces, ends), to: &text)
                } else {
                    return nil
                }
            }
            let first = dropsPrefix && text.first == 0x20 ? 1 : 0
            texts.append(String(decoding: text[first...], as: UTF8.self))
        }
        return texts
    }

    private func appendSpaced(_ piece: ArraySlice<UInt8>, to text: inout [UInt8]) {
        var index = piece.startIndex
        while index < piece.endIndex {
            if piece[index] == replacement[0], piece[index...].starts(with: replacement) {
                text.append(0x20)
                index += replacement.count
            } else {
                text.append(piece[index])
                index += 1
            }
        }
    }

    private static func piece(_ id: Int, _ pieces: [UInt8], _ ends: [Int]) -> ArraySlice<UInt8> {
        pieces[(id > 0 ? ends[id - 1] : 0)..<ends[id]]
    }
}
