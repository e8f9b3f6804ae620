import ArgumentParser
import Domain
import Engine
import Persistence
import ServerAssembly

struct KeyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "key", abstract: "Make, list and revoke API keys; the server may be running.",
        subcommands: [Create.self, List.self, Revoke.self])

    private static func keys(in storage: String?, makingIt: Bool = false) async throws -> APIKeys {
        APIKeys(database: try await database(in: storage, makingIt: makingIt))
    }

    private static func database(in storage: String?, makingIt: Bool) async throws -> any Database {
        var options = try ServerOptions.parse([])
        options.storage = storage
        let configuration = try ServerConfiguration.read(options)
        guard makingIt || Storage.exists(configuration.place) else {
            throw Failure("Nothing is stored in \(configuration.storage). Name the server's directory with --storage.")
        }
        do {
            return try await Storage.open(configuration.place, for: .command).database
        } catch let error as StartError {
            throw Failure(error.description)
        }
    }

    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Make a key and print it; it is shown this once.")

        @Option(help: "Where the server stores (STORAGE_DIR; else ./storage).") var storage: String?
        @Option(help: "What the key is for.") var name: String?
        @Option(
            name: .customLong("scope"),
            help: "What it may be used for (read, chat, manage, admin; each holds those before). Else for everything.")
        var scopes: [Caller.Scope] = []
        @Option(
            name: .customLong("workspace"),
            help: "The slug of a workspace that it is confined to; may be repeated. Else it reaches all.")
        var workspaces: [String] = []
        @Option(help: "When it stops working, an ISO 8601 date. Else never.") var expires: String?
        @Option(help: "Requests in a minute at most.") var requestsPerMinute: Int?
        @Option(help: "Questions to models in a day at most.") var messagesPerDay: Int?
        @Option(help: "Tokens of prompts and answers in a month at most.") var tokensPerMonth: Int?

        func validate() throws {
            guard [requestsPerMinute, messagesPerDay, tokensPerMonth].allSatisfy({ $0.map { $0 > 0 } ?? true }) else {
                throw ValidationError("Limits must be above 0.")
            }
        }

        func run() async throws {
            let database = try await database(in: storage, makingIt: true)
            var new = APIKeyStore.NewKey(name: name)
            new.scopes = Set(scopes)
            new.workspaces = try await reach(in: database)
            new.limits = .init(
                requestsPerMinute: requestsPerMinute, messagesPerDay: messagesPerDay, tokensPerMonth: tokensPerMonth)
            if let expires {
                guard let time = Timestamp(iso8601: expires), time > .now else {
                    throw Failure("\(expires) is no date that is still to come; write it like 2027-12-31.")
                }
                new.expiresAt = time
            }
            do {
                print(try await APIKeys(database: database).create(new, by: .system).key)
            } catch let error as ServiceError {
                throw Failure(error.message)
            }
        }

        private func reach(in database: any Database) async throws -> WorkspaceReach {
            guard !workspaces.isEmpty else { return .all }
            let found = try await WorkspaceStore(database).find(slugs: workspaces)
            if let missing = workspaces.first(where: { slug in !found.contains { $0.slug == slug } }) {
                throw Failure("There is no workspace \(missing). `GET /v1/workspaces` shows those there are.")
            }
            return .only(Set(found.map(\.id)))
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract:
                "List the keys: id, first characters, when each was made, name, scopes, workspaces, last use, end.")

        @Option(help: "Where the server stores (STORAGE_DIR; else ./storage).") var storage: String?

        func run() async throws {
            let database = try await database(in: storage, makingIt: false)
            let slugs = Dictionary(
                uniqueKeysWithValues: try await WorkspaceStore(database).all().map { ($0.id, $0.slug) })
            for entry in try await APIKeys(database: database).all() {
                let scopes = entry.key.scopes.map(\.rawValue).sorted().joined(separator: ",")
                var reach = "all"
                if case .only(let some) = entry.key.workspaces {
                    reach = some.sorted().compactMap { slugs[$0] }.joined(separator: ",")
                }
                print(
                    "\(entry.key.id)\t\(entry.prefix)…\t\(entry.createdAt.iso8601)\t\((entry.key.name ?? "").escapedForTerminal)\t"
                        + "\(scopes.isEmpty ? "all" : scopes)\t\(reach)\t\(entry.lastUsedAt?.iso8601 ?? "never")\t"
                        + "\(entry.expiresAt?.iso8601 ?? "never")")
            }
        }
    }

    struct Revoke: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Revoke a key; it stops working within a second.")

        @Option(help: "Where the server stores (STORAGE_DIR; else ./storage).") var storage: String?
        @Argument(help: "The key's id, as `lectern key list` shows it.") var id: Int64

        func run() async throws {
            guard let key = try await keys(in: storage).revoke(id: id, by: .system) else {
                throw Failure("There is no key \(id). `lectern key list` shows those there are.")
            }
            print("Revoked \(key.prefix)…")
        }
    }
}

extension Caller.Scope: ExpressibleByArgument {}
