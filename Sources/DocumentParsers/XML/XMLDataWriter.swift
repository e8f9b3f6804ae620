import CLibXML2
import Domain

/// Writes data in XML as lines `name: value`. Where elements of the same name with parts of their own follow one another,
/// each is a record, set off by a blank line.
struct XMLDataWriter {
    /// Where it was fetched from, which links in the pages of feeds are relative to; `nil` where it was sent.
    let address: LinkAddress?
    private var output: [UInt8] = []
    private var offset = 0
    /// In UTF-16 code units.
    private(set) var recordStarts: [Int] = []
    private(set) var title: String?
    private var isWithinRecord = false

    private static let maximumRecords = 1_000_000
    private static let deepestIndent = 8

    init(address: LinkAddress?) { self.address = address }

    var text: String { String(decoding: output, as: UTF8.self) }

    mutating func write(_ root: HTMLTree.Node) {
        writeAttributes(of: root, indent: 0)
        writeContent(of: root, indent: 0)
        while output.last == 0x0A {
            output.removeLast()
            offset -= 1
        }
        // Records at the end that say nothing would begin behind the text.
        for index in recordStarts.indices.reversed() where recordStarts[index] > offset { recordStarts[index] = offset }
    }

    /// Calls itself for each level: libxml2 takes no document that nests deeper than 256.
    private mutating func writeContent(of node: HTMLTree.Node, indent: Int) {
        let recordName = isWithinRecord ? nil : Self.recordName(in: node)
        for child in node.childNodes {
            guard child.isElement else {
                if child.isText, !child.isBlankText { line("", child.collapsedText, indent: indent) }
                continue
            }
            if child.name == recordName {
                writeRecord(child)
            } else {
                writeElement(child, indent: indent)
            }
        }
    }

    private mutating func writeRecord(_ node: HTMLTree.Node) {
        if !output.isEmpty { emit(output.last == 0x0A && output.dropLast().last == 0x0A ? "" : "\n") }
        if recordStarts.count < Self.maximumRecords { recordStarts.append(offset) }
        isWithinRecord = true
        defer { isWithinRecord = false }
        writeAttributes(of: node, indent: 0)
        guard node.hasElements else { return line(node.name, value(of: node), indent: 0) }
        writeContent(of: node, indent: 0)
    }

    private mutating func writeElement(_ node: HTMLTree.Node, indent: Int) {
        guard node.hasElements else {
            let attributes = Self.attributes(of: node).map { "\($0.name): \($0.value)" }.joined(separator: ", ")
            let text = value(of: node)
            if title == nil, !isWithinRecord, node.localName == "title", !text.isEmpty { title = text }
            let both = [text, attributes.isEmpty ? "" : text.isEmpty ? attributes : "(\(attributes))"]
            return line(node.name, both.filter { !$0.isEmpty }.joined(separator: " "), indent: indent)
        }
        // An element that only holds the records, or is all there is, says nothing by its name.
        let isWrapper =
            !isWithinRecord && (Self.recordName(in: node) != nil || node.parentElement?.parentElement == nil)
        if !isWrapper { emit(Self.spaces(indent) + "\(node.name):\n") }
        writeAttributes(of: node, indent: isWrapper ? indent : indent + 1)
        writeContent(of: node, indent: isWrapper ? indent : indent + 1)
    }

    private mutating func writeAttributes(of node: HTMLTree.Node, indent: Int) {
        for attribute in Self.attributes(of: node) { line(attribute.name, attribute.value, indent: indent) }
    }

    private mutating func line(_ name: String, _ value: String, indent: Int) {
        guard !value.isEmpty else { return }
        emit(Self.spaces(indent) + (name.isEmpty ? "" : "\(name): ") + value + "\n")
    }

    private mutating func emit(_ text: String) {
        output += text.utf8
        offset += text.utf16.count
    }

    private static func spaces(_ indent: Int) -> String { String(repeating: "  ", count: min(indent, deepestIndent)) }

    /// Feeds carry the HTML of their articles as text.
    private func value(of node: HTMLTree.Node) -> String {
        var text = ""
        for child in node.childNodes {
            if child.isText {
                text += String(decoding: child.characters, as: UTF8.self)
            } else if child.pointee.type == XML_ENTITY_REF_NODE {
                text += XMLEntity.text(child.name)
            }
        }
        if text.contains("</") || text.contains("/>") || text.contains("<br"), let page = try? HTMLTree(text) {
            text = HTMLContent.render(page, page: address).text
        }
        return text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }

    /// The name that most of the children have, where these have parts of their own.
    private static func recordName(in node: HTMLTree.Node) -> String? {
        var counts: [String: Int] = [:]
        for child in node.childNodes where child.isElement && (child.hasElements || child.hasAttributes) {
            counts[child.name, default: 0] += 1
        }
        let most = counts.max { ($0.value, $1.key) < ($1.value, $0.key) }
        return most.flatMap { $0.value > 1 ? $0.key : nil }
    }

    /// Without following entities: only what is written as it is.
    private static func attributes(of node: HTMLTree.Node) -> [(name: String, value: String)] {
        var found: [(name: String, value: String)] = []
        var next = node.pointee.properties
        while let attribute = next {
            next = attribute.pointee.next
            var value: [UInt8] = []
            var part = attribute.pointee.children
            while let text = part {
                if text.isText { value += text.characters }
                part = text.pointee.next
            }
            let name = attribute.pointee.name.map { String(cString: $0) } ?? ""
            if !value.isEmpty, name != "space" { found.append((name, String(decoding: value, as: UTF8.self).trimmed)) }
        }
        return found
    }
}
