import CLibXML2
import Domain

/// A parsed HTML document, freed with this object. Nodes are valid as long as it lives.
final class HTMLTree {
    typealias Node = xmlNodePtr

    private let document: xmlDocPtr
    let root: Node

    /// - Throws: `.empty` where there is not a single element, `.tooLarge` over 2 GiB, the most that libxml2 takes.
    init(_ html: String) throws(ParseError) {
        var html = HTMLAttributeLimit.apply(to: html)
        guard let count = Int32(exactly: html.utf8.count) else { throw .tooLarge("it has more than 2 GiB") }
        let parsed = html.withUTF8 { bytes in
            bytes.withMemoryRebound(to: CChar.self) { lectern_html_parse($0.baseAddress, count) }
        }
        guard let parsed else { throw .empty }
        guard let root = xmlDocGetRootElement(parsed) else {
            xmlFreeDoc(parsed)
            throw .empty
        }
        document = parsed
        self.root = root
    }

    /// XML instead of HTML. Entities stay what they are.
    /// - Returns: nil where the text is no well-formed XML, or nests or repeats itself as no document does.
    init?(xml: String) {
        var xml = xml
        guard let count = Int32(exactly: xml.utf8.count) else { return nil }
        let parsed = xml.withUTF8 { bytes in
            bytes.withMemoryRebound(to: CChar.self) { lectern_xml_parse($0.baseAddress, count) }
        }
        guard let parsed else { return nil }
        guard let root = xmlDocGetRootElement(parsed) else {
            xmlFreeDoc(parsed)
            return nil
        }
        document = parsed
        self.root = root
    }

    deinit { xmlFreeDoc(document) }

    /// Walks over `top` and all below in document order, without recursion: pages nest elements as deep as they like.
    ///
    /// `enter` tells whether to go into a node; only then `leave` is called for it, after its children.
    static func walk(_ top: Node, enter: (Node) -> Bool, leave: (Node) -> Void) {
        var node = top
        while true {
            if enter(node) {
                if node.isElement, let child = node.pointee.children {
                    node = child
                    continue
                }
                leave(node)
            }
            while node != top, node.pointee.next == nil, let parent = node.pointee.parent {
                node = parent
                leave(node)
            }
            guard node != top, let next = node.pointee.next else { return }
            node = next
        }
    }

    /// The elements below `top` for which `isWanted` holds, at most `limit`.
    static func elements(below top: Node, limit: Int, where isWanted: (Node) -> Bool) -> [Node] {
        var found: [Node] = []
        walk(
            top,
            enter: { node in
                if node.isElement, isWanted(node), found.count < limit { found.append(node) }
                return found.count < limit
            }, leave: { _ in })
        return found
    }
}

extension HTMLTree.Node {
    var isElement: Bool { pointee.type == XML_ELEMENT_NODE }
    var isText: Bool { pointee.type == XML_TEXT_NODE || pointee.type == XML_CDATA_SECTION_NODE }

    var parentElement: HTMLTree.Node? {
        guard let parent = pointee.parent, parent.isElement else { return nil }
        return parent
    }

    /// Whether no element stands before it in its parent.
    var isFirstElement: Bool {
        var sibling = pointee.prev
        while let before = sibling, !before.isElement { sibling = before.pointee.prev }
        return sibling == nil
    }

    var hasAttributes: Bool { pointee.properties != nil }

    /// In lower case.
    var name: String { pointee.name.map { String(cString: $0) } ?? "" }

    /// The characters of a text node.
    var characters: UnsafeBufferPointer<UInt8> {
        guard let content = pointee.content else { return UnsafeBufferPointer(start: nil, count: 0) }
        return UnsafeBufferPointer(start: content, count: Int(xmlStrlen(content)))
    }

    func attribute(_ name: String) -> String? {
        guard hasAttributes, let value = xmlGetProp(self, name) else { return nil }
        defer { lectern_xml_free(value) }
        return String(cString: value)
    }

    /// All text below, with white space runs made one space.
    var collapsedText: String {
        var bytes: [UInt8] = []
        HTMLTree.walk(
            self,
            enter: { node in
                if node.isText { bytes += node.characters }
                return true
            }, leave: { _ in })
        let text = WindowsControls.replaced(in: bytes) ?? bytes
        return String(decoding: text, as: UTF8.self).split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }
}
