import Domain
import Foundation
import ModelProviders
import NIOHTTP1
import OrderedJSON

/// A document that the library holds, as one is told that asks by the bytes of its file.
struct KnownDocument: Sendable, Equatable {
    let sha256: String
    let location: String
    /// What it was sent as.
    let place: LibraryPlace.Key
    /// Whether it was fetched from an address, which may change it.
    let isOfLink: Bool
    let workspaces: Set<String>
}

/// What a job came to.
struct JobEnd: Sendable {
    /// Why it came to nothing, for people.
    let error: String?
    /// Why documents are not where they were to be, for people, with their places where these are known.
    let failures: [Failure]
    let warnings: [String]
    /// `replaced`, `skipped`, or nothing.
    let duplicates: String?
    /// Where its documents lie.
    let locations: [String]

    struct Failure: Sendable {
        let location: String?
        let error: String
    }
}

extension JobEnd {
    /// `nil` where the job does not tell of all its documents.
    init?(whole job: JSON) {
        let entries = job["result"]?["documents"]?.arrayValue ?? []
        guard case .integer(let count)? = job["result"]?["documentCount"] else {
            guard job["error"]?.stringValue != nil else { return nil }
            self.init(job, [])
            return
        }
        guard entries.count == count else { return nil }
        self.init(job, entries)
    }

    /// - Parameter entries: all of its documents.
    fileprivate init(_ job: JSON, _ entries: [JSON]) {
        let result = job["result"]
        error = Self.reason(job)
        var failures = entries.compactMap { entry -> Failure? in
            Self.error(of: entry).map { Failure(location: entry["location"]?.stringValue, error: $0) }
        }
        for share in result?["workspaces"]?.arrayValue ?? [] {
            if let error = share["error"]?.stringValue { failures.append(Failure(location: nil, error: error)) }
        }
        self.failures = failures
        warnings = result?["warnings"]?.arrayValue?.compactMap(\.stringValue) ?? []
        duplicates = result?["duplicates"]?.stringValue
        locations = entries.compactMap { $0["location"]?.stringValue }
    }

    private static func error(of entry: JSON) -> String? {
        if let error = entry["error"]?.stringValue { return error }
        let embedding = entry["embedding"]?.arrayValue?.first { $0["embedded"] == false }
        return embedding.map { placement in
            "not in the workspace \(placement["workspace"]?.stringValue ?? ""): "
                + (placement["error"]?.stringValue ?? "the server does not say why")
        }
    }

    private static func reason(_ job: JSON) -> String? {
        guard job["state"] != "succeeded" else { return nil }
        return job["error"]?.stringValue ?? "the job did not succeed"
    }
}

extension LibraryClient {
    /// Makes sure that there is a server which takes the key.
    func verify() async throws(ClientFailure) {
        do {
            let answer = try await json(.GET, "/auth", once: true)
            guard answer["authenticated"] == true else { throw ClientFailure("", status: 200) }
        } catch let failure as ClientFailure where [401, 403].contains(failure.status) {
            throw ClientFailure(
                key.isEmpty
                    ? "The server at \(authority) wants a key: --key, or the environment variable LECTERN_API_KEY. "
                        + "`lectern key create` makes one."
                    : "The server at \(authority) does not know this key. `lectern key create` makes one.")
        } catch let failure as ClientFailure where failure.status == nil {
            throw ClientFailure(
                "\(failure.message) `lectern serve` starts one; --server names one at another address.")
        } catch let failure as ClientFailure where failure.status == 421 || failure.isTransient {
            throw failure
        } catch {
            throw ClientFailure("What answers at \(authority) is no Lectern server.")
        }
    }

    /// The extensions of the files that the server takes, in lower case, with their dots.
    func acceptedExtensions() async throws -> Set<String> {
        let types = try await json(.GET, "/document/accepted-file-types")["types"]?.objectValue?.members ?? []
        return Set(types.flatMap { $0.value.arrayValue ?? [] }.compactMap { $0.stringValue?.lowercased() })
    }

    func workspaceSlugs() async throws -> Set<String> {
        let workspaces = try await json(.GET, "/workspaces")["workspaces"]?.arrayValue ?? []
        return Set(workspaces.compactMap { $0["slug"]?.stringValue })
    }

    /// - Returns: the slug.
    func makeWorkspace(named name: String) async throws -> String {
        let made = try await json(.POST, "/workspace/new", ["name": .string(name)])
        guard let slug = made["workspace"]?["slug"]?.stringValue else {
            throw ClientFailure("The workspace \(name) could not be made.")
        }
        return slug
    }

    /// Digests that one request asks for.
    static let knownBatch = 200

    /// Documents that were made of files of these digests, by digest.
    func known(_ digests: [String]) async throws -> [String: [KnownDocument]] {
        // Of a batch perhaps nothing could be read.
        guard !digests.isEmpty else { return [:] }
        var found: [KnownDocument] = []
        while true {
            let answer = try await json(
                .POST, "/document/known?offset=\(found.count)", ["sha256": .array(digests.map(JSON.string))])
            guard let documents = answer["documents"]?.arrayValue else {
                throw ClientFailure("The server does not tell which files it knows; it is of another version.")
            }
            found += documents.compactMap(KnownDocument.init)
            guard answer["hasMore"] == true, !documents.isEmpty else { break }
        }
        return Dictionary(grouping: found, by: \.sha256)
    }

    /// Sends a file and has a job made of it.
    ///
    /// - Returns: the job's id.
    func upload(
        _ file: LocalFile, _ wishes: UploadWishes, sent: @escaping @Sendable (Int) -> Void
    ) async throws -> String {
        var metadata = wishes.metadata
        metadata["path"] = metadata["path"] ?? .string(file.relativePath)
        var fields = [(name: "metadata", value: JSON.object(metadata).text)]
        if !wishes.workspaces.isEmpty {
            fields.append((name: "addToWorkspaces", value: wishes.workspaces.joined(separator: ",")))
        }
        let form = FileForm(
            fields: fields, path: file.path, byteCount: file.version.byteCount, fileName: file.place.fileName)
        let path = "/document/upload/\(file.place.folder.text.pathSegment)?async=true&onDuplicate="
        // A first attempt may have arrived although no answer came: the same bytes are not to be kept twice.
        let again: Ingestion.DuplicatePolicy = wishes.duplicates == .keep ? .skip : wishes.duplicates
        let answer = try await upload(
            form, to: path + wishes.duplicates.rawValue, retryPath: path + again.rawValue, sent: sent)
        return try Self.job(in: answer)
    }

    /// Puts documents into a workspace that are in the library.
    ///
    /// - Returns: the job's id.
    func add(_ locations: [String], to workspace: String) async throws -> String {
        let answer = try await json(
            .POST, "/workspace/\(workspace.pathSegment)/update-embeddings?async=true",
            ["adds": .array(locations.map(JSON.string)), "deletes": []])
        return try Self.job(in: answer)
    }

    private static func job(in answer: JSON) throws -> String {
        guard let job = answer["jobId"]?.stringValue else {
            throw ClientFailure("The server took the file and did not say what becomes of it.")
        }
        return job
    }

    /// Documents of one answer about a job.
    private static let page = 1000

    /// What a job came to that is finished, with all its documents.
    func end(of id: String) async throws -> JobEnd {
        var job = JSON.null
        var entries: [JSON] = []
        while true {
            let answer = try await json(
                .GET, "/jobs/\(id.pathSegment)?limit=\(Self.page)&offset=\(entries.count)")
            job = answer["job"] ?? .null
            let page = job["result"]?["documents"]?.arrayValue ?? []
            entries += page
            if page.count < Self.page { return JobEnd(job, entries) }
        }
    }
    /// Documents that one request removes.
    private static let removalBatch = 500

    /// Removes documents from the library and from all workspaces; that some are gone already is no error.
    func remove(_ locations: [String]) async throws {
        var rest = locations[...]
        while !rest.isEmpty {
            let part = rest.prefix(Self.removalBatch)
            rest = rest.dropFirst(part.count)
            _ = try await json(.DELETE, "/system/remove-documents", ["names": .array(part.map(JSON.string))])
        }
    }
}

/// What is wanted of files that are sent.
struct UploadWishes: Sendable {
    /// Slugs.
    var workspaces: [String] = []
    var duplicates = Ingestion.DuplicatePolicy.replace
    /// What is said of each document besides.
    var metadata = JSONObject()
}

extension KnownDocument {
    fileprivate init?(_ json: JSON) {
        guard let sha256 = json["sha256"]?.stringValue, let location = json["location"]?.stringValue else { return nil }
        self.init(
            sha256: sha256, location: location,
            place: LibraryPlace.Key(
                folder: json["uploadFolder"]?.stringValue ?? "", fileName: json["fileName"]?.stringValue ?? ""),
            isOfLink: json["chunkSource"]?.stringValue?.hasPrefix("link://") ?? false,
            workspaces: Set(json["workspaces"]?.arrayValue?.compactMap(\.stringValue) ?? []))
    }
}

extension String {
    /// As one segment of an address's path.
    fileprivate var pathSegment: String {
        // Unreserved characters of RFC 3986, section 2.3.
        utf8.map { byte in
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F, 0x7E: String(Unicode.Scalar(byte))
            default: "%" + [byte].hexadecimal
            }
        }.joined()
    }
}
