import CLibXML2
import Domain

/// Reads XML forward, one event at a time, through libxml2's reader: no tree in memory, no entity substitution, no DTD.
final class XMLCursor {
    enum Event {
        case start(Element)
        case end(name: String, namespace: String)
        case text(String)
    }

    struct Element {
        /// Without the prefix.
        let name: String
        let namespace: String
        /// Keyed by the name without its prefix; those that name a relationship by `r:` and the name, since elements have an
        /// `id` of their own beside them.
        let attributes: [String: String]
    }

    private let reader: xmlTextReaderPtr
    /// The reader reads from here until it is freed.
    private let bytes: UnsafeMutableBufferPointer<CChar>
    private var pendingEnd: Event?
    private var events = 0
    private let maximumEvents: Int
    private let allowsDocumentType: Bool
    /// The library keeps one copy of each name, which lives as long as the reader.
    private var names: [UnsafePointer<xmlChar>: String] = [:]

    /// More than any document has: what a kilobyte of archive unpacks to can be millions of empty elements.
    static let usualMaximumEvents = 2_000_000

    /// - Parameter allowsDocumentType: for formats whose older files name a DTD, which is never loaded; declarations of
    ///   entities are refused all the same.
    init(
        _ content: [UInt8], maximumEvents: Int = usualMaximumEvents, allowsDocumentType: Bool = false
    ) throws(ParseError) {
        self.maximumEvents = maximumEvents
        self.allowsDocumentType = allowsDocumentType
        if allowsDocumentType, content.prefix(64 << 10).firstRange(of: "<!ENTITY".utf8) != nil {
            throw Self.declaresDocumentType
        }
        guard let count = Int32(exactly: content.count) else { throw .tooLarge("one of its parts exceeds 2 GiB") }
        bytes = .allocate(capacity: max(content.count, 1))
        _ = bytes.update(fromContentsOf: content.lazy.map { CChar(bitPattern: $0) })
        guard let reader = lectern_xml_reader(bytes.baseAddress, count) else {
            bytes.deallocate()
            throw .corrupt("its XML is damaged")
        }
        self.reader = reader
    }

    deinit {
        xmlFreeTextReader(reader)
        bytes.deallocate()
    }

    /// The next event, or nil at the end.
    /// - Throws: `.corrupt` where the XML is malformed, or declares a document type, which no office format allows.
    func next() throws(ParseError) -> Event? {
        if let end = pendingEnd {
            pendingEnd = nil
            events += 1
            return end
        }
        while true {
            events += 1
            guard events <= maximumEvents else { throw .tooLarge("it has more parts than any document has") }
            switch xmlTextReaderRead(reader) {
            case 0: return nil
            case 1: break
            default: throw Self.failure
            }
            if let event = try event() { return event }
        }
    }

    private static let declaresDocumentType = ParseError.corrupt(
        "its XML declares a document type, which such files must not")

    /// What stopped the reader: libxml2 bounds the length of a text and the depth of elements.
    private static var failure: ParseError {
        let message = xmlGetLastError()?.pointee.message.map { String(cString: $0).lowercased() } ?? ""
        let isLimit = ["huge", "excessive", "limit"].contains { message.contains($0) }
        return isLimit
            ? .tooLarge("its XML has a text or a nesting beyond all measure") : .corrupt("its XML is damaged")
    }

    private func event() throws(ParseError) -> Event? {
        switch xmlReaderTypes(UInt32(bitPattern: xmlTextReaderNodeType(reader))) {
        case XML_READER_TYPE_ELEMENT:
            let element = Element(name: name, namespace: namespace, attributes: readAttributes())
            if xmlTextReaderIsEmptyElement(reader) == 1 {
                pendingEnd = .end(name: element.name, namespace: element.namespace)
            }
            return .start(element)
        case XML_READER_TYPE_END_ELEMENT:
            return .end(name: name, namespace: namespace)
        case XML_READER_TYPE_TEXT, XML_READER_TYPE_CDATA, XML_READER_TYPE_SIGNIFICANT_WHITESPACE,
            XML_READER_TYPE_WHITESPACE:
            return .text(string(xmlTextReaderConstValue(reader)))
        case XML_READER_TYPE_DOCUMENT_TYPE, XML_READER_TYPE_ENTITY_REFERENCE:
            guard allowsDocumentType else { throw Self.declaresDocumentType }
            return nil
        default:
            return nil
        }
    }

    private var name: String { interned(xmlTextReaderConstLocalName(reader)) }
    private var namespace: String { interned(xmlTextReaderConstNamespaceUri(reader)) }

    private func readAttributes() -> [String: String] {
        guard xmlTextReaderHasAttributes(reader) == 1 else { return [:] }
        var attributes: [String: String] = [:]
        while xmlTextReaderMoveToNextAttribute(reader) == 1 {
            let isRelationship = xmlTextReaderConstPrefix(reader) != nil && namespace.hasSuffix("/relationships")
            attributes[isRelationship ? "r:" + name : name] = string(xmlTextReaderConstValue(reader))
        }
        xmlTextReaderMoveToElement(reader)
        return attributes
    }

    private func interned(_ characters: UnsafePointer<xmlChar>?) -> String {
        guard let characters else { return "" }
        if let name = names[characters] { return name }
        let name = String(cString: characters)
        // Names made up by the thousand are not worth keeping.
        if names.count < 1000 { names[characters] = name }
        return name
    }

    private func string(_ characters: UnsafePointer<xmlChar>?) -> String {
        characters.map { String(cString: $0) } ?? ""
    }
}
