import ArgumentParser
import AsyncHTTPClient
import Domain
import Engine
import Foundation
import OrderedJSON

struct EvalCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "eval",
        abstract: "Measure how well a running server finds what answers the questions of a collection.",
        discussion: """
            FOLDER holds corpus.jsonl, queries.jsonl and qrels/*.tsv, as the collections of the BEIR benchmark do. The \
            documents go into a new workspace, or lie in one that an earlier run has filled (--workspace). Each mode of search \
            is compared with the first one by a paired randomisation test: p says how often chance alone makes such a \
            difference.

              lectern eval cranfield --modes words,vector,default
            """)

    @Argument(help: ArgumentHelp("The collection.", valueName: "folder"), completion: .directory)
    var folder: String

    @Option(name: .shortAndLong, help: "The slug of a workspace that an earlier run has filled with this collection.")
    var workspace: String?

    @Option(help: "Modes of search, with commas: \(VectorSearchMode.list).")
    var modes = "vector,default,rerank"

    @Option(help: "Places of the ranking that count.")
    var depth = 10

    @Flag(help: "Print JSON in place of a table.")
    var json = false

    @Option(help: "The server (LECTERN_SERVER; else \(LibraryClient.standardAddress)).")
    var server: String?

    @Option(help: "The API key (LECTERN_API_KEY, which other people of the machine do not see).")
    var key: String?

    private var namedModes: [String] { modes.split(separator: ",").map { $0.trimmed }.unique }

    func validate() throws {
        guard (1...200).contains(depth) else { throw ValidationError("--depth must be from 1 to 200.") }
        let unknown = namedModes.filter { VectorSearchMode(rawValue: $0) == nil }
        guard unknown.isEmpty, !namedModes.isEmpty else {
            throw ValidationError("--modes takes these, with commas: \(VectorSearchMode.list).")
        }
    }

    func run() async throws {
        let environment = ProcessInfo.processInfo.environment
        let address = server ?? environment["LECTERN_SERVER"].flatMap { $0.isEmpty ? nil : $0 }
        guard let base = LibraryClient.base(of: address ?? LibraryClient.standardAddress) else {
            throw Failure("\(address ?? "") is no address of a server; write it like \(LibraryClient.standardAddress).")
        }
        let collection: TestCollection
        do { collection = try TestCollection(folder: folder) } catch {
            throw Failure("\(folder.escapedForTerminal): \(error.description.escapedForTerminal)")
        }
        let report = try await HTTPClient.withHTTPClient { http in
            var client = LibraryClient(base: base, key: key ?? environment["LECTERN_API_KEY"] ?? "", http: http)
            client.patience = .seconds(60)
            do {
                try await client.verify()
                let evaluation = Evaluation(client: client, collection: collection, depth: depth) { Self.say($0) }
                return try await evaluated(evaluation)
            } catch let failure as ClientFailure {
                throw Failure(failure.message.escapedForTerminal)
            }
        }
        print(json ? report.json.text : report.table)
    }

    private func evaluated(_ evaluation: Evaluation) async throws -> EvaluationReport {
        let slug: String
        if let workspace {
            guard try await evaluation.client.workspaceSlugs().contains(workspace) else {
                throw ClientFailure("There is no workspace \(workspace).")
            }
            slug = workspace
        } else {
            slug = try await evaluation.fill()
        }
        var results: [EvaluationResult] = []
        for mode in namedModes {
            Self.say("\(evaluation.collection.questions.count) questions in mode \(mode)")
            results.append(try await evaluation.run(mode: mode, in: slug))
        }
        return EvaluationReport(
            collection: evaluation.collection.name, workspace: slug, depth: depth, results: results)
    }

    private static func say(_ line: String) { FileHandle.standardError.write(Data((line + "\n").utf8)) }
}
