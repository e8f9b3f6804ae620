import Domain

/// What a document from a file is called; where a file holds several, each has a name of its own. The words are the wire's.
struct MemberNaming {
    let defaults: DocumentDefaults
    let title: String
    let url: String
    private let fileName: String
    private let member: ParsedDocument.Member?

    init(of parsed: ParsedDocument, fileName: String) {
        self.fileName = fileName
        member = parsed.member
        var defaults = DocumentDefaults.file(named: fileName)
        switch parsed.member {
        case nil:
            title = fileName
            url = "file://\(fileName)"
        case .sheet(let name):
            title = "\(fileName) - Sheet:\(name)"
            url = "file://\(fileName)/\(Slug.storedName(name)).csv"
            defaults.description = "Spreadsheet data from sheet: \(name)"
        case .message(let number):
            let subject = parsed.title.map(Slug.subject) ?? ""
            title = subject.isEmpty ? "msg_\(number)-\(fileName)" : subject + ".mbox"
            url = "file://\(fileName)"
        case .attachment(let name, _):
            title = name
            url = "file://\(fileName)/\(name)"
            defaults.description = "Attached to \(fileName)"
        }
        self.defaults = defaults
    }

    /// The sheets of a workbook lie together, unless its sender chose a folder.
    func folder(_ chosen: String, upload id: String) -> String {
        guard case .sheet = member, chosen == DocumentLibrary.defaultFolder else { return chosen }
        return StoredName.folder(of: fileName, id: id)
    }

    func storedName(id: String) -> String {
        switch member {
        case nil: StoredName.file(fileName, id: id)
        case .sheet(let name): StoredName.sheet(name, id: id)
        // The wire counts messages from 2.
        case .message(let number): StoredName.file(fileName, id: id, suffix: "-msg-\(number + 1)")
        case .attachment(let name, _): StoredName.file(name, id: id)
        }
    }
}
