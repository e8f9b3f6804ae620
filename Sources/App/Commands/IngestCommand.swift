import ArgumentParser
import AsyncHTTPClient
import Domain
import Foundation
import NIOCore
import OrderedJSON
import UnixSignals

struct IngestCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ingest",
        abstract: "Bring files and whole folders into the library of a running server, and into workspaces.",
        discussion: """
            Asks the server which files it holds already, by their SHA-256, and sends the others. A folder of the library \
            stands for each directory: manuals/pumps becomes "manuals - pumps". The same file, changed, takes the place of \
            its earlier version in all workspaces (--on-duplicate says otherwise).

            Hidden files, empty ones and links that lead out of PATH are passed over. What became of all of them is said at \
            the end. The exit status is 0 only where nothing failed.

              lectern ingest ~/manuals --workspace manuals --create-workspace
              lectern ingest ~/notes --workspace notes --watch --delete
            """)

    @Argument(help: ArgumentHelp("Files and directories.", valueName: "path"), completion: .file())
    var paths: [String]

    @Option(
        name: [.customLong("workspace"), .customShort("w")],
        help:
            "The slug of a workspace that the documents go into; may be repeated. Else they go into the library alone.")
    var workspaces: [String] = []

    @Flag(help: "Make the workspaces that are missing.")
    var createWorkspace = false

    @Option(
        help: "The library's folder for PATH, and the beginning of those for the directories in it. Else PATH's name.")
    var folder: String?

    @Option(
        help: """
            What becomes of a changed file: replace gives its document the new content, keep makes another one beside it, \
            skip does so, too, unless the folder holds the same bytes under another name.
            """
    )
    var onDuplicate = Ingestion.DuplicatePolicy.replace

    @Option(
        name: .customLong("metadata"),
        help: """
            KEY=VALUE to say of each document that is sent: docAuthor, description, docSource, or any key, by which \
            searches filter as metadata.KEY; may be repeated. The key path is the file's path below PATH.
            """)
    var metadata: [String] = []

    @Option(
        name: .customLong("exclude"),
        help: "A pattern such as *.log or drafts/* of names or paths below PATH to leave out; may be repeated.")
    var excluded: [String] = []

    @Flag(help: "Take hidden files and directories, too.")
    var hidden = false

    @Flag(help: "Follow links that lead out of PATH.")
    var followLinks = false

    @Flag(help: "Send files of every type, and let the server see whether it can read them as text.")
    var allTypes = false

    @Flag(help: "Go on, and bring in what is made, changed or renamed below PATH, until Ctrl-C.")
    var watch = false

    @Option(help: "Seconds between two looks with --watch.")
    var interval = 2.0

    @Flag(help: "With --watch, remove the documents of files that are removed meanwhile.")
    var delete = false

    @Option(help: "Files that are under way at once.")
    var parallel = 8

    @Flag(help: "Send nothing; say what would be sent.")
    var dryRun = false

    @Flag(name: .shortAndLong, help: "No lines and no bar, but what fails and the summary.")
    var quiet = false

    @Flag(name: .shortAndLong, help: "A line for each file, those that are unchanged or passed over among them.")
    var verbose = false

    @Option(help: "The server (LECTERN_SERVER; else \(LibraryClient.standardAddress)).")
    var server: String?

    @Option(help: "The API key (LECTERN_API_KEY, which other people of the machine do not see).")
    var key: String?

    func validate() throws {
        guard !paths.isEmpty else { throw ValidationError("Name a file or a directory.") }
        guard (1...64).contains(parallel) else { throw ValidationError("--parallel must be from 1 to 64.") }
        guard interval >= 0.1, interval <= 86_400 else {
            throw ValidationError("--interval must be from 0.1 to 86400 seconds.")
        }
        guard watch || !delete else { throw ValidationError("--delete goes with --watch.") }
        guard !watch || !dryRun else { throw ValidationError("--watch and --dry-run do not go together.") }
        guard !quiet || !verbose else { throw ValidationError("--quiet and --verbose do not go together.") }
    }

    func run() async throws {
        let environment = ProcessInfo.processInfo.environment
        let address = server ?? environment["LECTERN_SERVER"].flatMap { $0.isEmpty ? nil : $0 }
        guard let base = LibraryClient.base(of: address ?? LibraryClient.standardAddress) else {
            throw Failure("\(address ?? "") is no address of a server; write it like \(LibraryClient.standardAddress).")
        }
        let roots = try checkedRoots()
        let metadata = try parsedMetadata()
        let display = IngestDisplay(quiet ? .quiet : verbose ? .verbose : .usual)
        let report = IngestReport()
        var configuration = HTTPClient.Configuration(
            timeout: .init(connect: .seconds(10), read: .seconds(300), write: .seconds(300)))
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = parallel + 4
        try await HTTPClient.withHTTPClient(configuration: configuration) { http in
            var client = LibraryClient(base: base, key: key ?? environment["LECTERN_API_KEY"] ?? "", http: http)
            client.patience = .seconds(60)
            client.waiting = { display.wait(for: $0) }
            let session = IngestSession(
                client: client, roots: roots, walker: try await walker(client), report: report, display: display,
                wishes: UploadWishes(
                    workspaces: try await readyWorkspaces(client, display), duplicates: onDuplicate,
                    metadata: metadata),
                limit: parallel, isTrial: dryRun)
            try await finish(session, report, display)
        }
    }

    // MARK: Before anything is sent

    private func checkedRoots() throws -> [IngestRoot] {
        var roots: [IngestRoot] = []
        for path in paths {
            do {
                roots.append(try IngestRoot(path, name: folder))
            } catch {
                throw Failure(error.description.escapedForTerminal)
            }
        }
        if let folder, let flaw = Self.flaw(of: folder) {
            throw Failure("--folder \(folder.escapedForTerminal): \(flaw).")
        }
        let directories = Dictionary(grouping: roots.filter(\.isDirectory).map(\.path).unique) { path in
            roots.first { $0.path == path }?.name ?? ""
        }
        if let (name, both) = directories.first(where: { $0.value.count > 1 }) {
            throw Failure(
                "\(both.joined(separator: " and ")) would share the folder \(name). Take them one after the other, and name "
                    + "the folder of one with --folder.")
        }
        return roots
    }

    private static func flaw(of folder: String) -> String? {
        do throws(FolderName.Flaw) {
            _ = try FolderName(new: folder)
            return nil
        } catch {
            return switch error {
            case .nothing, .outside: "no folder is called so"
            case .unfit(let reason): reason
            }
        }
    }

    private func parsedMetadata() throws -> JSONObject {
        var object = JSONObject()
        for entry in metadata {
            let parts = entry.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2, !parts[0].isEmpty else {
                throw Failure("--metadata \(entry.escapedForTerminal): write it as KEY=VALUE.")
            }
            object[String(parts[0])] = .string(String(parts[1]))
        }
        return object
    }

    private func walker(_ client: LibraryClient) async throws -> FileWalker {
        do {
            try await client.verify()
            return FileWalker(
                includesHidden: hidden, followsLinks: followLinks, excluded: excluded,
                fileExtensions: allTypes ? nil : try await client.acceptedExtensions())
        } catch let failure as ClientFailure {
            throw Failure(failure.message)
        }
    }

    /// The slugs of the workspaces, all of which there are then.
    private func readyWorkspaces(_ client: LibraryClient, _ display: IngestDisplay) async throws -> [String] {
        guard !workspaces.isEmpty else { return [] }
        do {
            let known = try await client.workspaceSlugs()
            var slugs: [String] = []
            for name in workspaces {
                let slug = name.trimmed.lowercased()
                if known.contains(slug) {
                    slugs.append(slug)
                } else if createWorkspace {
                    let made = dryRun ? slug : try await client.makeWorkspace(named: name)
                    display.remark("\(dryRun ? "would make" : "made") the workspace \(made)")
                    slugs.append(made)
                } else {
                    throw Failure(
                        "There is no workspace \(name.escapedForTerminal). --create-workspace makes it; those there are: "
                            + (known.isEmpty ? "none" : known.sorted().joined(separator: ", ")) + ".")
                }
            }
            return slugs.unique
        } catch let failure as ClientFailure {
            throw Failure(failure.message)
        }
    }

    // MARK: The work

    /// - Throws: `ExitCode` where something failed or a signal came first.
    private func finish(_ session: IngestSession, _ report: IngestReport, _ display: IngestDisplay) async throws {
        let (period, removes) = (watch ? Duration.seconds(interval) : nil, delete)
        let work = Task { try await session.run(watchingEvery: period, removing: removes) }
        let signal = await Self.signal(ending: work)
        let result = await work.result
        let isCut: Bool
        if signal == nil, case .failure(let error) = result {
            display.error("\(error) What was not done by then was left out.")
            isCut = true
        } else {
            isCut = false
        }
        display.say(report.summary(repeatsFailures: display.hasScrolled))
        if let signal, !watch || signal == .sigterm {
            display.say("Ended before all was done. What had arrived, the server goes on with.")
            throw ExitCode(signal == .sigterm ? 143 : 130)
        }
        if isCut || report.hasFailures { throw ExitCode.failure }
    }

    /// Waits for the end of the work. A first signal cancels it, a second one ends the program.
    ///
    /// - Returns: the signal that came.
    private static func signal(ending work: Task<Void, any Error>) async -> UnixSignal? {
        let signals = await UnixSignalsSequence(trapping: .sigint, .sigterm)
        return await withTaskGroup(of: UnixSignal?.self) { group in
            group.addTask {
                var first: UnixSignal?
                for await signal in signals {
                    if first != nil { endProgram(signal == .sigterm ? 143 : 130) }
                    first = signal
                    work.cancel()
                }
                return first
            }
            _ = await work.result
            group.cancelAll()
            return await group.next() ?? nil
        }
    }
}

/// Under a name that `ParsableCommand.exit` does not hide.
private func endProgram(_ status: CInt) -> Never { exit(status) }

extension Ingestion.DuplicatePolicy: ExpressibleByArgument {}
