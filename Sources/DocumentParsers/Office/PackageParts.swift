import Domain

/// Unpacked parts of an Open Packaging Conventions file by their names, which are compared without regard to case (ECMA-376
/// part 2, 6.2.2.3).
struct PackageParts {
    private var contents: [String: [UInt8]]

    /// Those whose keys are `wanted`.
    init(of archive: ZipArchive, where wanted: (String) -> Bool) throws(ParseError) {
        var contents: [String: [UInt8]] = [:]
        try archive.forEachContent(where: { wanted(Self.key($0)) }) { name, content throws(ParseError) in
            contents[Self.key(name)] = content
            return true
        }
        self.contents = contents
    }

    /// The name without leading slash, backslashes and capitals.
    static func key(_ name: String) -> String { OpenPackage.resolve(name, in: "").lowercased() }

    subscript(name: String) -> [UInt8]? { contents[Self.key(name)] }

    mutating func remove(_ name: String) -> [UInt8]? { contents.removeValue(forKey: Self.key(name)) }

    /// What the part says about others, by the ids of its relationships; nothing where it says nothing.
    func relationships(of part: String) throws(ParseError) -> [String: OpenPackage.Relationship] {
        guard let content = self[OpenPackage.relationshipsPart(of: part)] else { return [:] }
        return try OpenPackage.relationships(content, of: part)
    }

    /// Relationships to drawings that say something in words.
    static let graphicTypes: Set<String> = ["diagramData", "chart"]

    /// What charts and diagrams say, by relationship; damaged ones are as good as none.
    func graphics(_ relationships: [String: OpenPackage.Relationship]) -> [String: [TextBlock]] {
        relationships.compactMapValues { relationship in
            guard Self.graphicTypes.contains(relationship.type), let content = self[relationship.target] else {
                return nil
            }
            return relationship.type == "chart" ? try? ChartReader.blocks(content) : try? DiagramReader.blocks(content)
        }
    }
}
