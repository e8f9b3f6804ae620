import Domain

/// A file that came with a message.
struct MailAttachment {
    let name: String
    let part: MIMEPart
}

/// Reads what a message says from its parts, and finds what is attached to it.
///
/// Of alternatives the plain text is taken, or the richest where that is blank or only says that there is another. Pictures that the text shows, signatures
/// and the like are passed over silently.
struct MailBody {
    private(set) var text = JoinedText()
    private(set) var attachments: [MailAttachment] = []
    /// What could not be read, for people.
    private(set) var warnings: [String] = []
    private(set) var isEncrypted = false
    private var partsLeft = MIMEPart.maximumParts

    private static let signatures: Set<String> = [
        "application/pgp-signature", "application/pkcs7-signature", "application/x-pkcs7-signature",
        "application/pgp-keys", "application/pgp-encrypted", "application/applefile", "text/rfc822-headers",
        "message/rfc822-headers",
    ]
    private static let reports: Set<String> = ["message/delivery-status", "message/disposition-notification"]

    init(_ message: MIMEPart) {
        read(message, depth: 0, wantsText: true)
        if partsLeft <= 0 { warnings.append("It has more parts than are read.") }
    }

    private mutating func read(_ part: MIMEPart, depth: Int, wantsText: Bool) {
        partsLeft -= 1
        guard partsLeft > 0 else { return }
        guard part.isMultipart, depth < MIMEPart.maximumDepth else {
            return readLeaf(part, isWhole: depth == 0, wantsText: wantsText)
        }
        if part.mediaType == "multipart/encrypted" { return noteEncryption("OpenPGP") }
        let parts = part.parts(limit: partsLeft)
        if parts.isEmpty {
            // Without its boundary it is at least text.
            if wantsText { addPlain(TextDecoder.decode(part.decodedBody)) }
        } else if part.mediaType == "multipart/alternative" {
            readAlternatives(parts, depth: depth, wantsText: wantsText)
        } else if part.mediaType == "multipart/related" {
            readRelated(parts, depth: depth, wantsText: wantsText)
        } else {
            for part in parts { read(part, depth: depth + 1, wantsText: wantsText) }
        }
    }

    private mutating func readAlternatives(_ parts: [MIMEPart], depth: Int, wantsText: Bool) {
        let plain = parts.filter { $0.mediaType == "text/plain" }
        var wantsText = wantsText
        if wantsText, let other = withoutNotice(parts, depth: depth) {
            self = other
            return
        }
        let isKnown = { (part: MIMEPart) in
            part.isMultipart || part.mediaType == "text/plain" || part.mediaType == "text/html"
        }
        // Invitations and pages for special programs say the same once more, where there is anything else.
        let isAlone = !parts.contains(where: isKnown)
        for part in plain + parts.filter({ $0.mediaType != "text/plain" }).reversed() {
            guard isAlone || isKnown(part) || part.disposition.value == "attachment" else { continue }
            let before = text.length
            read(part, depth: depth + 1, wantsText: wantsText)
            if text.length > before { wantsText = false }
        }
    }

    /// A plain text only says that there is another where it is so short and the richest alternative so many times longer.
    private static let longestNotice = 300
    private static let leastRatio = 4

    /// The same with the richest alternative instead of the plain text; `nil` where the plain one says more than that.
    private func withoutNotice(_ parts: [MIMEPart], depth: Int) -> MailBody? {
        let richer = parts.filter { $0.mediaType != "text/plain" }
        guard richer.count < parts.count, !richer.isEmpty else { return nil }
        var plain = self
        for part in parts where part.mediaType == "text/plain" { plain.read(part, depth: depth + 1, wantsText: true) }
        let length = plain.text.length - text.length
        guard 1...Self.longestNotice ~= length else { return nil }
        var rich = self
        rich.readAlternatives(richer, depth: depth, wantsText: true)
        return rich.text.length - text.length >= Self.leastRatio * length ? rich : nil
    }

    /// The first part is the text; the others are what it shows, unless they are files.
    private mutating func readRelated(_ parts: [MIMEPart], depth: Int, wantsText: Bool) {
        for (index, part) in parts.enumerated() {
            let isShown = part.disposition.value != "attachment" && part.header.value("content-id") != nil
            if index > 0, isShown || part.mediaType.hasPrefix("image/") || part.mediaType == "text/css" { continue }
            read(part, depth: depth + 1, wantsText: wantsText)
        }
    }

    private mutating func readLeaf(_ part: MIMEPart, isWhole: Bool, wantsText: Bool) {
        let type = part.mediaType
        let isAttachment = part.disposition.value == "attachment"
        if Self.signatures.contains(type) { return }
        switch type {
        case "application/pkcs7-mime", "application/x-pkcs7-mime": return readCryptographic(part)
        case "message/partial", "message/external-body":
            return warnings.append("A part of it lies outside the message and was left out.")
        case _ where part.isMultipart: return warnings.append("Parts that are nested beyond all measure were left out.")
        default: break
        }
        let isBody = !isAttachment && (isWhole || part.fileName == nil)
        if isBody, type == "text/html" {
            if wantsText { addHTML(part) }
        } else if isBody, Self.isPlain(type) || Self.reports.contains(type) {
            if wantsText { addPlain(part) }
        } else if isAttachment || !isShownPicture(part) {
            attachments.append(
                MailAttachment(name: MailAttachment.name(of: part, number: attachments.count + 1), part: part))
        }
    }

    private static func isPlain(_ type: String) -> Bool {
        type.hasPrefix("text/") && !["text/calendar", "text/vcard", "text/x-vcard", "text/directory"].contains(type)
    }

    private func isShownPicture(_ part: MIMEPart) -> Bool {
        part.mediaType.hasPrefix("image/")
            && (part.disposition.value == "inline" || part.header.value("content-id") != nil)
    }

    /// S/MIME (RFC 8551, 3.2.2).
    private mutating func readCryptographic(_ part: MIMEPart) {
        switch part.type["smime-type"] ?? "" {
        case "certs-only": break
        case "signed-data":
            warnings.append("A part of it is signed in a form that hides the text (S/MIME) and was left out.")
        default: noteEncryption("S/MIME")
        }
    }

    private mutating func noteEncryption(_ scheme: String) {
        isEncrypted = true
        warnings.append("A part of it is encrypted (\(scheme)) and was left out.")
    }

    // MARK: Text

    private mutating func addHTML(_ part: MIMEPart) {
        let bytes = part.decodedBody
        let html = part.type["charset"].map { MailCharset.decode(bytes, label: $0) } ?? HTMLDecoder.decode(bytes)
        guard let tree = try? HTMLTree(html) else { return }
        var renderer = HTMLRenderer(dropsPageFurniture: false)
        let page = renderer.render(tree.root)
        guard !page.isEmpty else { return }
        text.append(page.text, headings: page.headings)
    }

    private mutating func addPlain(_ part: MIMEPart) {
        var plain = MailCharset.decode(part.decodedBody, label: part.type["charset"])
        if part.type["format"]?.lowercased() == "flowed" {
            plain = FlowedText.join(plain, deletesSpaces: part.type["delsp"]?.lowercased() == "yes")
        }
        addPlain(plain)
    }

    private mutating func addPlain(_ plain: String) {
        var plain = plain[...]
        if let start = plain.firstRange(of: "-----BEGIN PGP MESSAGE-----") {
            noteEncryption("OpenPGP")
            plain = plain[..<start.lowerBound]
        }
        let lines = Self.withoutBlankEnds(plain)
        if !lines.isEmpty { text.append(lines) }
    }

    /// Without blank lines at the start, which would take the indent of the first line with them, and white space at the end.
    private static func withoutBlankEnds(_ text: Substring) -> String {
        guard let first = text.firstIndex(where: { !$0.isWhitespace }),
            let last = text.lastIndex(where: { !$0.isWhitespace })
        else { return "" }
        let start = text[..<first].lastIndex(of: "\n").map(text.index(after:)) ?? text.startIndex
        return String(text[start...last])
    }
}

extension MailAttachment {
    /// What to call a part: as its sender did, but never a path, else by what it is.
    fileprivate static func name(of part: MIMEPart, number: Int) -> String {
        let given = part.fileName.flatMap { StoredName.upload(String($0.prefix(1000))) }
        if ["message/rfc822", "message/global", "message/news"].contains(part.mediaType) {
            let name = given ?? "message-\(number)"
            return name.lowercased().hasSuffix(".eml") ? name : name + ".eml"
        }
        if let given { return given }
        let format = DocumentFormat.all.first { $0.mediaType == part.mediaType }
        let fileExtension = part.mediaType == "text/calendar" ? ".ics" : format?.fileExtensions.first ?? ""
        return "attachment-\(number)\(fileExtension)"
    }
}
