import Domain

/// The parts of an Open Packaging Conventions file (ECMA-376 part 2): which is the main one, and its properties.
struct OpenPackage {
    let archive: ZipArchive

    struct Properties {
        var title: String?
        var author: String?
        var description: String?
        var created: String?
    }

    /// The name of the main part by the package's relationships; `fallback` where they do not tell.
    func mainPart(fallback: String) throws(ParseError) -> String {
        let name = "_rels/.rels"
        guard let content = try archive.contents(of: [name])[name] else { return fallback }
        let cursor = try XMLCursor(content)
        while let event = try cursor.next() {
            // The type is a URI that differs between the transitional and the strict variant, but for its end.
            guard case .start(let element) = event, element.attributes["Type"]?.hasSuffix("/officeDocument") == true,
                let target = element.attributes["Target"]
            else { continue }
            return String(target.drop { $0 == "/" })
        }
        return fallback
    }

    /// Dublin Core properties from `docProps/core.xml`.
    static func properties(_ content: [UInt8]) throws(ParseError) -> Properties {
        let cursor = try XMLCursor(content)
        var properties = Properties()
        var text = ""
        while let event = try cursor.next() {
            switch event {
            case .start: text = ""
            case .text(let piece): text += piece
            case .end(let name, _):
                let value = text.trimmed
                guard !value.isEmpty else { continue }
                switch name {
                case "title": properties.title = value
                case "creator": properties.author = value
                case "description": properties.description = value
                case "created": properties.created = value
                default: break
                }
                text = ""
            }
        }
        return properties
    }
}
