/// What the end of a file's name says about its kind.
enum FileExtension {
    /// The last suffix of the base name, in lower case and with its dot; empty for `README`, `.env` and `name.`.
    static func of(_ fileName: String) -> String {
        let base = fileName.split(whereSeparator: { $0 == "/" || $0 == "\\" }).last ?? ""
        guard let dot = base.lastIndex(of: "."), dot != base.startIndex else { return "" }
        let suffix = base[dot...].lowercased()
        return suffix == "." ? "" : suffix
    }

    /// True for `.env` and other names which are nothing but a suffix.
    static func isDotFile(_ fileName: String) -> Bool {
        let base = fileName.split(whereSeparator: { $0 == "/" || $0 == "\\" }).last ?? ""
        return base.first == "." && of(fileName).isEmpty
    }

    /// Names under which text is not expected: what such a file holds is refused even when it happens to be text.
    static let neverText: Set<String> = [
        ".zip", ".gz", ".tgz", ".bz2", ".xz", ".zst", ".7z", ".rar", ".tar", ".jar", ".iso", ".dmg", ".deb", ".rpm",
        ".exe", ".dll", ".so", ".dylib", ".o", ".a", ".class", ".wasm", ".bin", ".dat", ".msi", ".apk",
        ".heic", ".avif", ".ico", ".psd",
        ".ttf", ".otf", ".woff", ".woff2",
        ".mobi", ".msg", ".pages", ".numbers", ".key",
        ".sqlite", ".db", ".p8", ".pfx", ".p12",
    ]
}
