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

    /// What one part says about another.
    struct Relationship: Equatable {
        /// The last component of the type's URI, the rest of which differs between the transitional and the strict variant.
        let type: String
        /// The name of the other part, or what is outside the package as it is written.
        let target: String
        let isExternal: Bool
    }

    /// The name of the main part by the package's relationships; `fallback` where they do not tell.
    func mainPart(fallback: String) throws(ParseError) -> String {
        let name = Self.relationshipsPart(of: "")
        guard let content = try archive.contents(of: [name])[name] else { return fallback }
        let all = try Self.relationships(content, of: "").values
        return all.first { $0.type == "officeDocument" && !$0.isExternal }?.target ?? fallback
    }

    /// The part that holds the relationships of another one: `ppt/_rels/presentation.xml.rels`; of the package for `""`.
    static func relationshipsPart(of part: String) -> String {
        "\(folder(of: part))_rels/\(part.dropFirst(folder(of: part).count)).rels"
    }

    /// By their ids.
    static func relationships(_ content: [UInt8], of part: String) throws(ParseError) -> [String: Relationship] {
        let cursor = try XMLCursor(content)
        var relationships: [String: Relationship] = [:]
        while let event = try cursor.next() {
            guard case .start(let element) = event, element.name == "Relationship",
                let id = element.attributes["Id"], let target = element.attributes["Target"]
            else { continue }
            let isExternal = element.attributes["TargetMode"] == "External"
            relationships[id] = Relationship(
                type: (element.attributes["Type"] ?? "").split(separator: "/").last.map(String.init) ?? "",
                target: isExternal ? target : resolve(target, in: folder(of: part)), isExternal: isExternal)
        }
        return relationships
    }

    /// Up to and with the last slash.
    static func folder(of part: String) -> String {
        part.lastIndex(of: "/").map { String(part[...$0]) } ?? ""
    }

    /// The name of a part that is written relative to a folder. `..` never leads out of the package.
    static func resolve(_ target: String, in folder: String) -> String {
        var path: [Substring] = target.hasPrefix("/") ? [] : folder.split(separator: "/")
        for component in target.split(whereSeparator: { $0 == "/" || $0 == "\\" }) where component != "." {
            if component == ".." { _ = path.popLast() } else { path.append(component) }
        }
        return path.joined(separator: "/")
    }

    /// The part that holds title, author and dates.
    static let coreProperties = "docProps/core.xml"

    /// What the core properties say, or nothing: a document whose properties alone are damaged is still worth reading.
    static func properties(of parts: PackageParts) -> Properties {
        parts[coreProperties].flatMap { try? properties($0) } ?? Properties()
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
