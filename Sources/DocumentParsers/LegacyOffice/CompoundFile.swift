import Domain

/// An OLE 2 compound file ([MS-CFB]), which Office wrote its documents into before 2007 and wraps encrypted ones into since:
/// streams of bytes under names, each a chain of sectors.
struct CompoundFile {
    private struct Entry {
        let name: String
        let isStream: Bool
        let start: Int
        let size: Int
    }

    private let bytes: [UInt8]
    private let sectorSize: Int
    private let miniSectorSize: Int
    /// Streams below this size lie in the sectors of the mini stream.
    private let miniCutoff: Int
    private var table: [UInt32] = []
    private var miniTable: [UInt32] = []
    private var miniStream: [UInt8] = []
    private var entries: [Entry] = []

    private static let endOfChain: UInt32 = 0xFFFF_FFFE
    private static let highestSector: UInt32 = 0xFFFF_FFFA
    /// Office wraps an encrypted DOCX, XLSX or PPTX into a compound file with a stream of this name ([MS-OFFCRYPTO] 1.3.2).
    private static let encryptedStream = "EncryptedPackage"
    private static let damage = ParseError.corrupt("its compound file is damaged")

    /// - Throws: `.corrupt` where the header, the sector table or the directory makes no sense.
    init(_ bytes: [UInt8]) throws(ParseError) {
        self.bytes = bytes
        guard bytes.count >= 512 else { throw Self.damage }
        let header = ByteReader(bytes)
        let shifts = (sector: Int(header.uint16(30)), mini: Int(header.uint16(32)))
        guard [9, 12].contains(shifts.sector), (4...9).contains(shifts.mini) else { throw Self.damage }
        sectorSize = 1 << shifts.sector
        miniSectorSize = 1 << shifts.mini
        miniCutoff = Int(header.uint32(56))
        table = try sectorTable(header)
        try readDirectory(from: header.uint32(48))
        let miniSectors = try chain(from: header.uint32(60))
        miniTable = integers(in: miniSectors)
        if let root = entries.first {
            let content = try chain(from: UInt32(truncatingIfNeeded: root.start))
            miniStream = Array(content.prefix(root.size))
        }
    }

    /// A stream of every message of Outlook ([MS-OXMSG] 2.4).
    static let messageProperties = "__properties_version1.0"

    func holds(_ stream: String) -> Bool { entry(stream) != nil }
    var isEncryptedDocument: Bool { holds(Self.encryptedStream) }

    private func entry(_ name: String) -> Entry? {
        entries.first { $0.isStream && $0.name.lowercased() == name.lowercased() }
    }

    /// The content of the first stream of this name; nil where there is none.
    func stream(_ name: String) throws(ParseError) -> [UInt8]? {
        guard let entry = entry(name) else { return nil }
        let start = UInt32(truncatingIfNeeded: entry.start)
        let content = entry.size < miniCutoff ? try miniChain(from: start) : try chain(from: start)
        return Array(content.prefix(entry.size))
    }

    // MARK: Sectors

    /// The first 109 sectors of the table are named in the header, the others in a chain of sectors of their own.
    private func sectorTable(_ header: ByteReader) throws(ParseError) -> [UInt32] {
        var sectors = (0..<109).map { header.uint32(76 + 4 * $0) }.filter { $0 <= Self.highestSector }
        var next = header.uint32(68)
        var visited = 0
        while next <= Self.highestSector {
            visited += 1
            guard visited <= bytes.count / sectorSize, let sector = sector(next) else { throw Self.damage }
            let names = integers(in: Array(sector))
            sectors += names.dropLast().filter { $0 <= Self.highestSector }
            next = names.last ?? Self.endOfChain
        }
        guard sectors.count <= bytes.count / sectorSize else { throw Self.damage }
        var table: [UInt32] = []
        for number in sectors {
            guard let sector = sector(number) else { break }
            table += integers(in: Array(sector))
        }
        return table
    }

    private func sector(_ number: UInt32) -> ArraySlice<UInt8>? {
        let start = (Int(number) + 1) * sectorSize
        // The last sector may be cut short.
        guard start < bytes.count else { return nil }
        return bytes[start..<min(start + sectorSize, bytes.count)]
    }

    /// The bytes of all sectors of a chain. A chain that runs in a circle is longer than the file.
    private func chain(from first: UInt32) throws(ParseError) -> [UInt8] {
        var content: [UInt8] = []
        var next = first
        while next <= Self.highestSector {
            guard content.count <= bytes.count, let sector = sector(next) else { throw Self.damage }
            content += sector
            next = Int(next) < table.count ? table[Int(next)] : Self.endOfChain
        }
        return content
    }

    private func miniChain(from first: UInt32) throws(ParseError) -> [UInt8] {
        var content: [UInt8] = []
        var next = first
        while next <= Self.highestSector {
            let start = Int(next) * miniSectorSize
            guard content.count <= miniStream.count, start < miniStream.count else { throw Self.damage }
            content += miniStream[start..<min(start + miniSectorSize, miniStream.count)]
            next = Int(next) < miniTable.count ? miniTable[Int(next)] : Self.endOfChain
        }
        return content
    }

    private func integers(in bytes: [UInt8]) -> [UInt32] {
        let reader = ByteReader(bytes)
        return (0..<bytes.count / 4).map { reader.uint32(4 * $0) }
    }

    /// Entries of 128 bytes: the name in UTF-16, its length with the NUL, the kind, where it begins, how long it is (2.6.1). Kept
    /// are the root and what lies at the top: other folders hold documents within the document.
    private mutating func readDirectory(from first: UInt32) throws(ParseError) {
        let directory = ByteReader(try chain(from: first))
        guard directory.count >= 128 else { throw Self.damage }
        entries = [Self.entry(directory, 0)]
        // Each entry leads to those before and behind it in the order of their names; the root to one of the topmost.
        var next = [directory.uint32(76)]
        var seen: Set<UInt32> = []
        while let number = next.popLast() {
            let start = 128 * Int(number)
            guard start + 128 <= directory.count, seen.insert(number).inserted else { continue }
            entries.append(Self.entry(directory, start))
            next += [directory.uint32(start + 68), directory.uint32(start + 72)]
        }
    }

    private static func entry(_ directory: ByteReader, _ start: Int) -> Entry {
        let length = min(Int(directory.uint16(start + 64)), 64) / 2
        let units = (0..<max(0, length - 1)).map { directory.uint16(start + 2 * $0) }
        return Entry(
            name: String(decoding: units, as: UTF16.self), isStream: directory.uint8(start + 66) == 2,
            start: Int(directory.uint32(start + 116)), size: Int(directory.uint32(start + 120)))
    }
}
