import Domain

/// What the container of a book says before the book itself is opened.
struct EPUBContainer {
    /// The name of the package document.
    let package: String

    private static let container = "META-INF/container.xml"
    private static let encryption = "META-INF/encryption.xml"
    /// What only makes fonts harder to copy.
    private static let fontObfuscations: Set<String> = [
        "http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC",
    ]

    /// - Throws: `.encrypted` where more than fonts is encrypted, as shops protect books.
    init(_ archive: ZipArchive) throws(ParseError) {
        let parts = try archive.contents(of: [Self.container, Self.encryption])
        if let encryption = parts[Self.encryption], try Self.isProtected(encryption) { throw .encrypted }
        if let container = parts[Self.container], let path = try Self.packagePath(container) {
            package = path
        } else if let name = try archive.entryNames().first(where: { $0.hasSuffix(".opf") }) {
            package = name
        } else {
            throw .corrupt("it holds no package of a book")
        }
    }

    private static func packagePath(_ content: [UInt8]) throws(ParseError) -> String? {
        let cursor = try XMLCursor(content, allowsDocumentType: true)
        while let event = try cursor.next() {
            if case .start(let element) = event, element.name == "rootfile", let path = element.attributes["full-path"]
            {
                return OpenPackage.resolve(path, in: "")
            }
        }
        return nil
    }

    private static func isProtected(_ content: [UInt8]) throws(ParseError) -> Bool {
        let cursor = try XMLCursor(content, allowsDocumentType: true)
        var isInData = false
        while let event = try cursor.next() {
            switch event {
            case .start(let element) where element.name == "EncryptedData": isInData = true
            case .end(let name, _) where name == "EncryptedData": isInData = false
            case .start(let element) where element.name == "EncryptionMethod" && isInData:
                // The method of a key stands within the key, of which books that only hide fonts have none.
                if !fontObfuscations.contains(element.attributes["Algorithm"] ?? "") { return true }
            default: break
            }
        }
        return false
    }
}
