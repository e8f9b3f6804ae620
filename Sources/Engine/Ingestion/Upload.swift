package import Domain

/// An uploaded file that has arrived whole, and what is to become of it.
package struct Upload: Sendable, Equatable {
    /// Of the file on this machine, made by the server.
    package var path: String
    /// The client's, sanitised.
    package var fileName: String
    /// SHA-256 of the bytes, in lower-case hexadecimal.
    package var sha256: String
    package var folder: String
    package var metadata: DocumentMetadata
    /// Slugs, as the client sent them.
    package var workspaces: [String]
    /// The id that the document will have: given now, so that a job which runs twice makes one document.
    package var documentID: String

    package init(
        path: String, fileName: String, sha256: String, folder: String, metadata: DocumentMetadata,
        workspaces: [String], documentID: String = UUIDText.random()
    ) {
        self.path = path
        self.fileName = fileName
        self.sha256 = sha256
        self.folder = folder
        self.metadata = metadata
        self.workspaces = workspaces
        self.documentID = documentID
    }

    package func job(at time: Timestamp = .now) -> Job {
        Job(id: UUIDText.random(), kind: .upload, payload: json, createdAt: time)
    }

    private var json: JSON {
        [
            "path": .string(path), "fileName": .string(fileName), "sha256": .string(sha256),
            "folder": .string(folder), "metadata": metadata.json, "workspaces": .array(workspaces.map(JSON.string)),
            "documentID": .string(documentID),
        ]
    }

    init?(_ json: JSON) {
        guard let path = json["path"]?.stringValue, let fileName = json["fileName"]?.stringValue,
            let sha256 = json["sha256"]?.stringValue, let folder = json["folder"]?.stringValue,
            let documentID = json["documentID"]?.stringValue
        else { return nil }
        self.init(
            path: path, fileName: fileName, sha256: sha256, folder: folder,
            metadata: DocumentMetadata(json["metadata"]),
            workspaces: (json["workspaces"]?.arrayValue ?? []).compactMap(\.stringValue), documentID: documentID)
    }

    /// Where the file of an unfinished upload lies; `nil` for other jobs.
    package static func path(of job: Job) -> String? { job.kind == .upload ? job.payload["path"]?.stringValue : nil }

    /// Reads `addToWorkspaces`: slugs with commas between them.
    package static func slugs(in text: String) -> [String] {
        text.split(separator: ",").map { $0.trimmed.lowercased() }.filter { !$0.isEmpty }
    }
}

extension StringProtocol {
    /// Without white space at either end.
    package var trimmed: String {
        guard let first = firstIndex(where: { !$0.isWhitespace }), let last = lastIndex(where: { !$0.isWhitespace })
        else { return "" }
        return String(self[first...last])
    }
}
