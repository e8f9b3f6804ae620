import CLibArchive
import Domain
import Glibc

/// A ZIP archive in memory. Entry names are only ever compared, never used as paths, so `../` in them means nothing;
/// links and folders are passed over, and an archive within the archive is never opened.
struct ZipArchive {
    private let bytes: [UInt8]
    private let limits: ParseLimits

    /// More entries than any office document has.
    private static let maximumEntries = 20_000

    init(_ bytes: [UInt8], limits: ParseLimits) {
        self.bytes = bytes
        self.limits = limits
    }

    func entryNames() throws(ParseError) -> [String] {
        var names: [String] = []
        try walk { name, _ throws(ParseError) in
            names.append(name)
            return true
        }
        return names
    }

    /// The unpacked content of the entries of these names; absent ones are left out, of two with one name the first counts.
    /// - Throws: `.tooLarge` where all entries together would unpack to more than the limit, `.encrypted` where one of them
    ///   needs a password.
    func contents(of wanted: Set<String>) throws(ParseError) -> [String: [UInt8]] {
        var found: [String: [UInt8]] = [:]
        try forEachContent(where: wanted.contains) { name, content throws(ParseError) in
            found[name] = content
            return found.count < wanted.count
        }
        return found
    }

    /// The unpacked content of the entries whose names are `wanted`; errors are those of `contents(of:)`.
    func contents(where wanted: (String) -> Bool) throws(ParseError) -> [String: [UInt8]] {
        var found: [String: [UInt8]] = [:]
        try forEachContent(where: wanted) { name, content throws(ParseError) in
            found[name] = content
            return true
        }
        return found
    }

    /// Calls `body` with the name and the unpacked content of each entry whose name is `wanted`, in the order of the archive,
    /// until it returns false, so that they need not be in memory together; errors are those of `contents(of:)`.
    func forEachContent(
        where wanted: (String) -> Bool, _ body: (String, [UInt8]) throws(ParseError) -> Bool
    ) throws(ParseError) {
        var seen: Set<String> = []
        var room = limits.maximumExpandedBytes
        try walk { name, entry throws(ParseError) in
            guard wanted(name), seen.insert(name).inserted else { return true }
            let content = try entry.content(limit: room)
            room -= content.count
            return try body(name, content)
        }
    }

    /// The entry that the walk stands on.
    struct Entry {
        fileprivate let archive: OpaquePointer
        fileprivate let isEncrypted: Bool

        func content(limit: Int) throws(ParseError) -> [UInt8] {
            if isEncrypted { throw .encrypted }
            var content: [UInt8] = []
            var piece = [UInt8](repeating: 0, count: 256 << 10)
            while true {
                let count = archive_read_data(archive, &piece, piece.count)
                guard count >= 0 else { throw .corrupt("its archive is damaged") }
                if count == 0 { return content }
                guard content.count + count <= limit else { throw ZipArchive.bomb(limit) }
                content += piece.prefix(count)
            }
        }
    }

    fileprivate static func bomb(_ limit: Int) -> ParseError {
        .tooLarge("it unpacks to more than \(limit >> 20) MiB")
    }

    /// Calls `body` for each regular file in the archive until it returns false.
    private func walk(_ body: (String, Entry) throws(ParseError) -> Bool) throws(ParseError) {
        try bytes.withUnsafeBufferPointer { buffer throws(ParseError) in
            guard let archive = archive_read_new() else { throw .tooLarge("there is no memory to unpack it") }
            defer { archive_read_free(archive) }
            archive_read_support_format_zip(archive)
            guard archive_read_open_memory(archive, buffer.baseAddress, buffer.count) == ARCHIVE_OK else {
                throw .corrupt("its archive is damaged")
            }
            try walk(archive, body)
        }
    }

    private func walk(
        _ archive: OpaquePointer, _ body: (String, Entry) throws(ParseError) -> Bool
    ) throws(ParseError) {
        var entries = 0
        var declared: Int64 = 0
        while let entry = try next(in: archive) {
            entries += 1
            guard entries <= Self.maximumEntries else {
                throw .tooLarge("its archive has more than \(Self.maximumEntries) entries")
            }
            declared = declared.addingReportingOverflow(max(0, archive_entry_size(entry))).partialValue
            guard (0...Int64(limits.maximumExpandedBytes)).contains(declared) else {
                throw Self.bomb(limits.maximumExpandedBytes)
            }
            guard archive_entry_filetype(entry) == S_IFREG, archive_entry_hardlink(entry) == nil,
                let name = archive_entry_pathname_utf8(entry) ?? archive_entry_pathname(entry)
            else { continue }
            let isEncrypted = archive_entry_is_data_encrypted(entry) != 0
            guard try body(String(cString: name), Entry(archive: archive, isEncrypted: isEncrypted)) else { return }
        }
    }

    private func next(in archive: OpaquePointer) throws(ParseError) -> OpaquePointer? {
        var entry: OpaquePointer?
        switch archive_read_next_header(archive, &entry) {
        case ARCHIVE_OK, ARCHIVE_WARN: return entry
        case ARCHIVE_EOF: return nil
        default: throw .corrupt("its archive is damaged")
        }
    }
}
