import CLibArchive
import Glibc

/// Composes ZIP archives, honest ones and others.
struct ZipBuilder {
    enum Entry {
        case file([UInt8])
        case link(target: String)
    }

    private var entries: [(name: String, entry: Entry)] = []

    func adding(_ name: String, _ content: String) -> ZipBuilder { adding(name, .file(Array(content.utf8))) }

    func adding(_ name: String, _ entry: Entry) -> ZipBuilder {
        var copy = self
        copy.entries.append((name, entry))
        return copy
    }

    var bytes: [UInt8] {
        var unpacked = 64 << 10
        for case (_, .file(let content)) in entries { unpacked += content.count + 1024 }
        var output = [UInt8](repeating: 0, count: unpacked)
        var used = 0
        let archive = archive_write_new()
        archive_write_set_format_zip(archive)
        output.withUnsafeMutableBytes { buffer in
            archive_write_open_memory(archive, buffer.baseAddress, buffer.count, &used)
            for (name, entry) in entries { write(name, entry, to: archive) }
            archive_write_close(archive)
        }
        archive_write_free(archive)
        return Array(output.prefix(used))
    }

    private func write(_ name: String, _ entry: Entry, to archive: OpaquePointer?) {
        let header = archive_entry_new()
        defer { archive_entry_free(header) }
        archive_entry_set_pathname(header, name)
        archive_entry_set_perm(header, 0o644)
        switch entry {
        case .file(let content):
            archive_entry_set_filetype(header, UInt32(Glibc.S_IFREG))
            archive_entry_set_size(header, Int64(content.count))
            archive_write_header(archive, header)
            _ = content.withUnsafeBytes { archive_write_data(archive, $0.baseAddress, $0.count) }
        case .link(let target):
            archive_entry_set_filetype(header, UInt32(Glibc.S_IFLNK))
            archive_entry_set_symlink(header, target)
            archive_write_header(archive, header)
        }
    }
}

/// A Word document with this content of `w:body`.
func wordFile(
    body: String, styles: String? = nil, footnotes: String? = nil, numbering: String? = nil
) -> ZipBuilder {
    let namespaces = """
        xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" \
        xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" \
        xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" \
        xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math" \
        xmlns:v="urn:schemas-microsoft-com:vml" xmlns:r="\(relationshipType)"
        """
    var zip = ZipBuilder()
        .adding("[Content_Types].xml", "<Types/>")
        .adding("word/document.xml", "<w:document \(namespaces)><w:body>\(body)</w:body></w:document>")
    if let numbering { zip = zip.adding("word/numbering.xml", "<w:numbering \(namespaces)>\(numbering)</w:numbering>") }
    if let styles { zip = zip.adding("word/styles.xml", "<w:styles \(namespaces)>\(styles)</w:styles>") }
    if let footnotes { zip = zip.adding("word/footnotes.xml", "<w:footnotes \(namespaces)>\(footnotes)</w:footnotes>") }
    return zip
}
