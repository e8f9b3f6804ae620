import CLibXML2

/// Writes a document in XML as Markdown, by the names that its elements have in DocBook and its kin. What has none of these
/// names is a paragraph where it holds words, and nothing in itself where it only holds other elements.
struct XMLProseRenderer {
    private(set) var writer = MarkdownWriter()
    /// How many of the open elements have a title of their own.
    private var sections = 0

    private static let titles: Set<String> = ["title", "head", "bridgehead", "refname"]
    private static let untitled: Set<String> = [
        "figure", "table", "example", "informaltable", "listitem", "info", "links",
    ]
    private static let code: Set<String> = [
        "programlisting", "screen", "literallayout", "synopsis", "codeblock", "pre", "verbatim", "msgblock",
    ]
    private static let items: Set<String> = ["listitem", "item", "li", "step", "member"]
    private static let orderedLists: Set<String> = ["orderedlist", "procedure", "steps", "ol"]
    private static let lists: Set<String> = ["itemizedlist", "list", "ul", "simplelist", "substeps", "terms"]
    private static let rows: Set<String> = ["row", "tr", "strow", "sthead"]
    /// About the text, for machines.
    private static let silent: Set<String> = [
        "indexterm", "remark", "script", "style", "refmeta", "releaseinfo", "revhistory", "keywordset", "subjectset",
        "teiheader", "prolog", "anchor",
    ]

    /// Calls itself for each level: libxml2 takes no document that nests deeper than 256.
    mutating func render(_ node: HTMLTree.Node) {
        guard node.isElement else { return }
        let name = node.localName
        if Self.silent.contains(name) { return }
        if Self.titles.contains(name), node.parentElement != nil {
            writeTitle(node)
        } else if Self.code.contains(name) {
            writer.beginCode()
            writeInline(node)
            writer.endCode()
        } else if Self.rows.contains(name) {
            writeRow(node)
        } else if Self.items.contains(name) {
            writer.beginItem()
            renderContent(node)
            writer.endItem()
        } else if Self.lists.contains(name) || Self.orderedLists.contains(name) {
            writer.beginList(from: Self.orderedLists.contains(name) ? 1 : nil)
            renderContent(node)
            writer.endList()
        } else if name == "blockquote" || name == "quote" && !node.hasElements {
            writer.beginQuotation()
            renderContent(node)
            writer.endQuotation()
        } else {
            renderContent(node)
        }
    }

    private mutating func renderContent(_ node: HTMLTree.Node) {
        guard node.hasElements, !isParagraph(node) else {
            writer.endBlock()
            writeInline(node)
            writer.endBlock()
            return
        }
        let hasTitle =
            !Self.untitled.contains(node.localName)
            && node.childNodes.contains { child in
                child.isElement
                    && (Self.titles.contains(child.localName)
                        || child.localName == "info"
                            && child.childNodes.contains { $0.isElement && $0.localName == "title" })
            }
        if hasTitle { sections += 1 }
        for child in node.childNodes {
            if child.isElement { render(child) } else { writeText(child) }
        }
        writer.endBlock()
        if hasTitle { sections -= 1 }
    }

    /// Words with elements between them, none of which is a block of its own.
    private func isParagraph(_ node: HTMLTree.Node) -> Bool {
        guard node.isMixed else { return false }
        return !node.childNodes.contains { child in
            guard child.isElement else { return false }
            let name = child.localName
            return Self.lists.contains(name) || Self.orderedLists.contains(name) || Self.code.contains(name)
                || Self.blocks.contains(name)
        }
    }

    private static let blocks: Set<String> = [
        "para", "simpara", "p", "table", "informaltable", "variablelist", "example", "figure", "note", "blockquote",
    ]

    private mutating func writeTitle(_ node: HTMLTree.Node) {
        let parent = node.parentElement?.localName ?? ""
        let isCaption = Self.untitled.contains(parent) && parent != "info"
        if isCaption { writer.endBlock() } else { writer.beginHeading(min(max(sections, 1), 6)) }
        writeInline(node)
        writer.endBlock()
    }

    private mutating func writeRow(_ node: HTMLTree.Node) {
        writer.endBlock()
        var cells: [String] = []
        for cell in node.childNodes where cell.isElement { cells.append(cell.collapsedText) }
        if cells.contains(where: { !$0.isEmpty }) { writer.writeRow(cells) }
    }

    private mutating func writeInline(_ top: HTMLTree.Node) {
        // The closures of `walk` do not escape; the copy lets both change the one state.
        var state = self
        HTMLTree.walk(
            top,
            enter: { node in
                guard node.isElement else {
                    state.writeText(node)
                    return false
                }
                return !Self.silent.contains(node.localName)
            }, leave: { _ in })
        self = state
    }

    private mutating func writeText(_ node: HTMLTree.Node) {
        if node.isText {
            writer.append(node.characters)
        } else if node.pointee.type == XML_ENTITY_REF_NODE {
            writer.append(XMLEntity.text(node.name))
        }
    }
}

/// References that are not followed.
enum XMLEntity {
    /// The character that HTML gives the name, else the reference as it is written.
    static func text(_ name: String) -> String {
        if let entry = htmlEntityLookup(name), let scalar = Unicode.Scalar(entry.pointee.value) {
            return String(scalar)
        }
        return "&\(name);"
    }
}
