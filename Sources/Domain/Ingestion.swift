/// Bytes that have arrived whole, and what is to become of them.
package struct Ingestion: Sendable, Equatable {
    package enum Origin: Sendable, Equatable {
        /// A file; its name is the client's, sanitised, and tells the format.
        case file(named: String)
        /// A text that came in a request.
        case rawText
        /// A page that was fetched from an address.
        case page(LinkAddress, PageFormat)
        /// A file that was fetched from an address, and what it is called.
        case linkedFile(LinkAddress, named: String)
        /// The captions of a video, and what its page says of it.
        case video(LinkAddress, VideoDetails)
    }

    package enum PageFormat: String, Sendable { case html, text }

    /// What is to be done with what is there already.
    package enum DuplicatePolicy: String, Sendable, CaseIterable {
        /// Makes another document.
        case keep
        /// Makes none of bytes that the folder holds a document of.
        case skip
        /// Gives the document that was made of a file of this name in the folder the new content, in all its workspaces.
        case replace
    }

    package var origin: Origin
    /// Where the bytes are.
    package var spoolFile: SpoolFileName
    /// SHA-256 of the bytes, in lower-case hexadecimal.
    package var sha256: String
    package var folder: String
    package var metadata: DocumentMetadata
    /// Slugs, as the client sent them.
    package var workspaces: [String]
    /// The id that the document will have: given now, so that a job which runs twice makes one document.
    package var documentID: String
    package var duplicates: DuplicatePolicy
    /// Where the bytes came from in the end, after redirects, which relative addresses in them start from; `nil` where they
    /// were sent.
    package var fetchedFrom: LinkAddress?
    /// The id of the stored link that the bytes were fetched from; `nil` where they were sent.
    package var link: String?

    package init(
        origin: Origin, spoolFile: SpoolFileName, sha256: String, folder: String, metadata: DocumentMetadata,
        workspaces: [String], documentID: String = UUIDText.random(), duplicates: DuplicatePolicy = .keep,
        fetchedFrom: LinkAddress? = nil, link: String? = nil
    ) {
        self.origin = origin
        self.spoolFile = spoolFile
        self.sha256 = sha256
        self.folder = folder
        self.metadata = metadata
        self.workspaces = workspaces
        self.documentID = documentID
        self.duplicates = duplicates
        self.fetchedFrom = fetchedFrom
        self.link = link
    }

    /// The id of one of the documents that the file turns out to hold; the first has `documentID`.
    package func documentID(at index: Int) -> String {
        Self.id(documentID, at: index)
    }

    package static func id(_ documentID: String, at index: Int) -> String {
        index == 0 ? documentID : UUIDText.derived(from: "\(documentID)/\(index)")
    }
}

/// What became of them.
package struct IngestionOutcome: Sendable, Equatable {
    /// Ids of the documents that were made.
    package var documents: [String]
    /// What became of each document in each workspace that was named.
    package var placements: [Placement]
    /// Why a document is not what the file would make it, for people, by its id: it is as it was before, or not in all the
    /// workspaces of the others.
    package var failures: [String: String]
    /// What of the file could not be read, for people.
    package var warnings: [String]
    /// What was done with what was there already; `nil` where the documents are new.
    package var duplicates: Ingestion.DuplicatePolicy?

    package init(
        documents: [String], placements: [Placement] = [], failures: [String: String] = [:], warnings: [String] = [],
        duplicates: Ingestion.DuplicatePolicy? = nil
    ) {
        self.documents = documents
        self.placements = placements
        self.failures = failures
        self.warnings = warnings
        self.duplicates = duplicates
    }

    package struct Placement: Sendable, Equatable {
        /// The workspace's slug, as the client sent it.
        package var workspace: String
        /// The document's id; `nil` where there is no such workspace, or an earlier version has recorded this.
        package var document: String?
        /// The document's path then; `nil` where there is no such workspace.
        package var location: String?
        /// Why the document cannot be found there, for people; `nil` where it can.
        package var error: String?

        package init(workspace: String, document: String?, location: String?, error: String? = nil) {
            self.workspace = workspace
            self.document = document
            self.location = location
            self.error = error
        }
    }
}

/// Names a file in the spool directory: made by the server, never a path.
package struct SpoolFileName: Sendable, Hashable {
    package let text: String

    private static let prefix = "upload-"
    private static let digitCount = 32

    /// `nil` for whatever the server does not make, paths above all.
    package init?(_ text: some StringProtocol) {
        let digits = text.utf8.dropFirst(Self.prefix.utf8.count)
        guard text.hasPrefix(Self.prefix), digits.count == Self.digitCount,
            digits.allSatisfy({ (0x30...0x39).contains($0) || (0x61...0x66).contains($0) })
        else { return nil }
        self.text = String(text)
    }

    private init(_ number: UInt128) {
        let digits = String(number, radix: 16)
        text = Self.prefix + String(repeating: "0", count: Self.digitCount - digits.count) + digits
    }

    /// A name that nobody can guess: 128 random bits.
    package static func random() -> SpoolFileName {
        SpoolFileName(.random(in: .min ... .max))
    }
}
