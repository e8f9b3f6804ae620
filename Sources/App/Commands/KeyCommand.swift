import ArgumentParser
import Domain
import Engine
import Persistence

struct KeyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "key", abstract: "Make, list and revoke API keys; the server may be running.",
        subcommands: [Create.self, List.self, Revoke.self])

    private static func keys(in storage: String?, makingIt: Bool = false) async throws -> APIKeys {
        var options = try ServerOptions.parse([])
        options.storage = storage
        let configuration = try await ServerConfiguration.read(options)
        guard makingIt || Storage.exists(configuration.place) else {
            throw Failure("Nothing is stored in \(configuration.storage). Name the server's directory with --storage.")
        }
        do {
            return APIKeys(store: APIKeyStore(try await Storage.open(configuration.place, for: .command).database))
        } catch let error as StartError {
            throw Failure(error.description)
        }
    }

    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Make a key and print it; it is shown this once.")

        @Option(help: "Where the server stores (STORAGE_DIR; else ./storage).") var storage: String?
        @Option(help: "What the key is for.") var name: String?

        func run() async throws {
            print(try await keys(in: storage, makingIt: true).create(name: name).key)
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List the keys: id, first characters, when it was made, name.")

        @Option(help: "Where the server stores (STORAGE_DIR; else ./storage).") var storage: String?

        func run() async throws {
            for key in try await keys(in: storage).all() {
                print("\(key.id)\t\(key.prefix)…\t\(key.createdAt.iso8601)\t\(key.name ?? "")")
            }
        }
    }

    struct Revoke: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Revoke a key; it stops working within a second.")

        @Option(help: "Where the server stores (STORAGE_DIR; else ./storage).") var storage: String?
        @Argument(help: "The key's id, as `lectern key list` shows it.") var id: Int64

        func run() async throws {
            guard let key = try await keys(in: storage).revoke(id: id) else {
                throw Failure("There is no key \(id). `lectern key list` shows those there are.")
            }
            print("Revoked \(key.prefix)…")
        }
    }
}
