/// A stored document: a name for a content, with what is known about its origin.
package struct Document: Sendable, Equatable {
    /// A random UUID in lower case.
    package var id: String
    package var path: DocumentPath
    package var contentID: Content.ID
    package var url: String
    package var title: String
    package var author: String
    package var description: String
    /// Where it came from, in words.
    package var source: String
    /// Where it came from, for programs: a file name, or a URL behind a prefix such as `link://`.
    package var chunkSource: String
    /// As it is shown, `1/16/2024, 3:07:00 PM`.
    package var published: String
    /// The same moment, to compare.
    package var publishedAt: Timestamp?
    package var wordCount: Int
    package var tokenCount: Int
    /// What the client said about it in words of its own; the names differ.
    package var attributes: [Attribute]
    /// What it was made of; `nil` where nobody remembers.
    package var upload: Upload?
    /// The id of the stored link that it was fetched from; `nil` where it was sent.
    package var link: String?

    /// What arrived, by which it is recognised when it comes again.
    package struct Upload: Sendable, Equatable {
        /// The folder that was asked for. It stays what it is when the document is moved.
        package var folder: String
        /// The client's name of the file, or the title of a text.
        package var name: String
        /// SHA-256 of the bytes, in lower-case hexadecimal.
        package var sha256: String
        /// Tells the documents of one file apart.
        package var member: String

        package init(folder: String, name: String, sha256: String, member: String) {
            self.folder = folder
            self.name = name
            self.sha256 = sha256
            self.member = member
        }
    }

    package init(
        id: String, path: DocumentPath, contentID: Content.ID, url: String, title: String, author: String,
        description: String, source: String, chunkSource: String, published: String, publishedAt: Timestamp? = nil,
        wordCount: Int, tokenCount: Int, attributes: [Attribute] = [], upload: Upload? = nil, link: String? = nil
    ) {
        self.id = id
        self.path = path
        self.contentID = contentID
        self.url = url
        self.title = title
        self.author = author
        self.description = description
        self.source = source
        self.chunkSource = chunkSource
        self.published = published
        self.publishedAt = publishedAt
        self.wordCount = wordCount
        self.tokenCount = tokenCount
        self.attributes = attributes
        self.upload = upload
        self.link = link
    }

    /// Of the file it was, in lower case, without the dot; empty where it was none or had none.
    package var fileExtension: String {
        guard url.hasPrefix("file://"), let dot = url.lastIndex(of: "."), url[dot...].count <= 17 else { return "" }
        return url[url.index(after: dot)...].lowercased()
    }
}

/// A document's place: one folder and one name, never a path on a disk. Both are in the composed normal form, and folders
/// whose names look alike are one folder.
package struct DocumentPath: Sendable, Hashable {
    package let folder: String
    package let name: String

    package init(folder: String, name: String) {
        self.folder = folder.composed
        self.name = name.composed
    }

    /// Reads `folder/name.json` as clients send it. `nil` where it is anything else: other than two segments, `.` or
    /// `..`, control characters, a slash in front.
    package init?(_ text: String) {
        guard text.first != "/" else { return nil }
        var segments = text.split(separator: "/", omittingEmptySubsequences: true).map(String.init)
        if segments.first == ".", segments.count == 3 { segments.removeFirst() }
        guard segments.count == 2, segments.allSatisfy(DocumentPath.isSegment) else { return nil }
        self.init(folder: segments[0], name: segments[1])
    }

    /// `custom-documents/report.pdf-6e8be64c-….json`
    package var text: String { "\(folder)/\(name)" }

    package static func == (left: DocumentPath, right: DocumentPath) -> Bool {
        left.name == right.name
            && (left.folder == right.folder || left.folder.lookalikeKey == right.folder.lookalikeKey)
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(folder.lookalikeKey)
        hasher.combine(name)
    }

    /// Whether a folder or a document may be called so.
    package static func isSegment(_ text: String) -> Bool {
        guard !text.isEmpty, text.utf8.count <= 255, text != ".", text != "..", text.first != " ", text.last != " "
        else { return false }
        // Wide or small dots may be plain ones to whoever reads the name next.
        guard ![".", ".."].contains(text.lookalikeKey) else { return false }
        return text.unicodeScalars.allSatisfy { scalar in
            scalar != "/" && scalar != "\\" && scalar.properties.generalCategory != .control
        }
    }
}

/// A parsed text, identified by what it was parsed from.
package struct Content: Sendable, Equatable {
    package typealias ID = Int64

    package var id: ID
    package var parsed: ParsedDocument
    package var wordCount: Int
    package var tokenCount: Int
    /// When these bytes were first seen.
    package var createdAt: Timestamp

    package init(id: ID, parsed: ParsedDocument, wordCount: Int, tokenCount: Int, createdAt: Timestamp) {
        self.id = id
        self.parsed = parsed
        self.wordCount = wordCount
        self.tokenCount = tokenCount
        self.createdAt = createdAt
    }
}

/// A document's membership in a workspace.
package struct WorkspaceDocument: Sendable, Equatable {
    package var id: Int64
    /// A random UUID; another one in each workspace.
    package var docID: String
    package var workspaceID: Workspace.ID
    package var document: Document
    package var isPinned: Bool
    package var isWatched: Bool
    package var createdAt: Timestamp
    package var lastUpdatedAt: Timestamp

    package init(
        id: Int64, docID: String, workspaceID: Workspace.ID, document: Document, isPinned: Bool, isWatched: Bool,
        createdAt: Timestamp, lastUpdatedAt: Timestamp
    ) {
        self.id = id
        self.docID = docID
        self.workspaceID = workspaceID
        self.document = document
        self.isPinned = isPinned
        self.isWatched = isWatched
        self.createdAt = createdAt
        self.lastUpdatedAt = lastUpdatedAt
    }
}

/// A chunk as search and citations show it.
package struct StoredChunk: Sendable, Equatable {
    package var id: Chunk.ID
    package var chunk: Chunk
    /// The metadata header that stands before the text on the wire.
    package var header: String
    package var docID: String
    package var document: Document

    package init(id: Chunk.ID, chunk: Chunk, header: String, docID: String, document: Document) {
        self.id = id
        self.chunk = chunk
        self.header = header
        self.docID = docID
        self.document = document
    }

    package var textWithHeader: String { header + chunk.text }

    package var wireID: String { id.wireID }
}

extension Chunk.ID {
    /// The id on the wire, in the form of a UUID (RFC 9562 version 8) that holds the number.
    package var wireID: String {
        let digits = String(UInt64(bitPattern: rawValue), radix: 16).suffix(15)
        let padded = String(repeating: "0", count: 15 - digits.count) + digits
        return "00000000-0000-8000-8\(padded.prefix(3))-\(padded.dropFirst(3))"
    }

    /// Reads what `wireID` wrote; `nil` for any other text.
    package init?(wireID text: String) {
        guard text.hasPrefix("00000000-0000-8000-8"), text.utf8.count == 36,
            let number = Int64(text.dropFirst(20).filter { $0 != "-" }, radix: 16)
        else { return nil }
        self.init(rawValue: number)
    }
}
