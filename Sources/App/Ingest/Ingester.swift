import Concurrency
import Domain
import ModelProviders

/// Brings files into the library and into workspaces, several at a time, and sends none that is there.
struct Ingester: Sendable {
    let client: LibraryClient
    let follower: JobFollower
    let wishes: UploadWishes
    let report: IngestReport
    let display: IngestDisplay
    /// Files that are under way at once.
    let limit: Int
    /// Whether nothing is done but to say what would be.
    var isTrial = false
    /// Whether somebody sees by themselves that a file changes while it is read, and comes back with it.
    var isWatching = false
    /// Told where the documents of a file lie that were made of it.
    var placed: @Sendable (LocalFile, [String]) -> Void = { _, _ in }

    private let uploads: Semaphore
    private let decider: IngestDecider

    /// Files that are sent at once; others of those under way are being read by the server.
    private static let maximumUploads = 4

    init(
        client: LibraryClient, follower: JobFollower, wishes: UploadWishes, report: IngestReport,
        display: IngestDisplay, limit: Int
    ) {
        self.client = client
        self.follower = follower
        self.wishes = wishes
        self.report = report
        self.display = display
        self.limit = limit
        uploads = Semaphore(value: min(limit, Self.maximumUploads))
        decider = IngestDecider(workspaces: wishes.workspaces, duplicates: wishes.duplicates)
    }

    /// - Parameter taken: the places of all files that are looked after, these among them.
    /// - Throws: `ClientFailure` where the other files would fare no better; `CancellationError`. What becomes of single files
    ///   is in the report.
    func ingest(_ files: [LocalFile], taken: Set<LibraryPlace.Key>) async throws {
        display.begin(files)
        try await withThrowingTaskGroup(of: Void.self) { group in
            var running = 0
            var rest = files[...]
            while !rest.isEmpty {
                let batch = Self.batch(&rest)
                let read = try await digests(of: batch)
                let known = try await client.known(read.map(\.digest).unique)
                var incomplete: [Kept] = []
                for (file, digest) in read {
                    let same = known[digest] ?? []
                    switch decider.decide(file.place, known: same, taken: taken) {
                    case .upload where isTrial: finish(file, .wanted)
                    case .upload:
                        if running == limit {
                            try await group.next()
                            running -= 1
                        }
                        group.addTask { try await upload(file) }
                        running += 1
                    case .keep(let missing, let elsewhere):
                        if elsewhere == nil {
                            placed(file, same.filter { $0.place == file.place.key }.map(\.location))
                        }
                        if missing.isEmpty {
                            finish(file, elsewhere.map { .elsewhere($0) } ?? .unchanged)
                        } else {
                            incomplete.append(Kept(file: file, missing: missing))
                        }
                    }
                }
                if !incomplete.isEmpty { try await add(incomplete) }
            }
            try await group.waitForAll()
        }
    }

    private func finish(_ file: LocalFile, _ outcome: IngestReport.Outcome) {
        report.note(outcome, of: file.path)
        display.finish(file, outcome)
    }

    // MARK: Reading

    /// Bytes of files that are read before any of them is sent.
    private static let batchBytes = 128 << 20

    private static func batch(_ rest: inout ArraySlice<LocalFile>) -> ArraySlice<LocalFile> {
        var (count, bytes) = (0, 0)
        for file in rest.prefix(LibraryClient.knownBatch) {
            bytes += file.version.byteCount
            guard count == 0 || bytes <= batchBytes else { break }
            count += 1
        }
        defer { rest = rest.dropFirst(count) }
        return rest.prefix(count)
    }

    private func digests(of files: ArraySlice<LocalFile>) async throws -> [(file: LocalFile, digest: String)] {
        var read: [(file: LocalFile, digest: String)] = []
        for file in files {
            if isWatching, file.hasChanged {
                display.postpone(file)
                continue
            }
            do {
                // It may have changed since it was found.
                let current = file.now ?? file
                let digest = try await FileDigest.sha256(ofFileAt: file.path)
                if current.hasChanged { hasMoved(file) } else { read.append((current, digest)) }
            } catch let problem as SystemProblem {
                finish(file, .failed("it cannot be read: \(problem)"))
            }
        }
        return read
    }

    /// What has been read is not what is there.
    private func hasMoved(_ file: LocalFile) {
        isWatching ? display.postpone(file) : finish(file, .failed("it changed while it was read"))
    }

    // MARK: Sending

    private func upload(_ file: LocalFile) async throws {
        display.isUnderWay(file)
        do {
            let job = try await uploads.withPermit {
                try await client.upload(file, wishes) { bytes in
                    report.noteSent(bytes)
                    display.sent(bytes, of: file)
                }
            }
            let end = try await follower.end(of: job)
            placed(file, end.locations)
            for warning in end.warnings { display.warning("\(file.path): \(warning)") }
            finish(file, outcome(end, of: file))
        } catch let problem as UnreadableFile {
            finish(file, .failed("it cannot be read: \(problem)"))
        } catch let failure as ClientFailure {
            // A file that is shorter than it was ends its request too early.
            if file.hasChanged { return hasMoved(file) }
            guard !failure.concernsAll else { throw failure }
            finish(file, .failed(failure.message))
        }
    }

    private func outcome(_ end: JobEnd, of file: LocalFile) -> IngestReport.Outcome {
        if let error = end.error { return .failed(error) }
        if let first = end.failures.first {
            let others = end.failures.count - 1
            return .failed(first.error + (others > 0 ? " (and \(others) more of its documents)" : ""))
        }
        // A watched file comes again.
        if !isWatching, file.hasChanged { return .failed("it changed while it was read") }
        return switch end.duplicates {
        case "replaced": .changed
        case "skipped": .unchanged
        default: .new
        }
    }

    // MARK: Adding to workspaces

    /// A file whose documents are in the library and not in all the workspaces.
    private struct Kept {
        let file: LocalFile
        /// By workspace.
        let missing: [String: [String]]
    }

    /// Documents that one request adds.
    private static let additionBatch = 200

    private func add(_ kept: [Kept]) async throws {
        if isTrial { return kept.forEach { finish($0.file, .wantedInWorkspace) } }
        var errors: [String: String] = [:]
        for workspace in wishes.workspaces {
            var rest = kept.flatMap { $0.missing[workspace] ?? [] }.unique[...]
            while !rest.isEmpty {
                let part = Array(rest.prefix(Self.additionBatch))
                rest = rest.dropFirst(part.count)
                for (location, error) in try await failures(adding: part, to: workspace) { errors[location] = error }
            }
        }
        for entry in kept {
            let error = entry.missing.values.joined().lazy.compactMap { errors[$0] }.first
            finish(entry.file, error.map { .failed($0) } ?? .added)
        }
    }

    /// Why documents are not in the workspace, by their places.
    private func failures(adding locations: [String], to workspace: String) async throws -> [String: String] {
        let all = { (error: String) in
            Dictionary(uniqueKeysWithValues: locations.map { ($0, "not in the workspace \(workspace): \(error)") })
        }
        do {
            let end = try await follower.end(of: client.add(locations, to: workspace))
            if let error = end.error { return all(error) }
            let failures = end.failures.compactMap { failure in failure.location.map { ($0, failure.error) } }
            return Dictionary(failures) { first, _ in first }
        } catch let failure as ClientFailure where !failure.concernsAll {
            return all(failure.message)
        }
    }
}
