import ArgumentParser
import AsyncHTTPClient
import Domain
import Engine
import Foundation
import ModelProviders
import OrderedJSON
import Persistence
import ServerAssembly

/// Chooses the language model that answers.
struct UseCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "use", abstract: "Choose the language model that answers; the server may be running.",
        discussion: """
            Model servers that run on this machine (\(localNames)) are found at their usual ports. Any other provider is named \
            as docs/configuration.md names it, and its key is read from LECTERN_PROVIDER_KEY. Without a model, the local server's \
            first one is taken, or the provider's usual one. Without anything, what is found on this machine is listed.

              lectern use ollama:llama3.2
              lectern use llamacpp --base-url http://127.0.0.1:9000/v1
              LECTERN_PROVIDER_KEY=sk-… lectern use openai:gpt-4.1-mini
              lectern use \(builtIn)
            """)

    @Argument(help: ArgumentHelp("The provider, or `provider:model`.", valueName: "provider"))
    var spec: String?

    @Option(help: "Where the provider's server is, where that is not its usual place.")
    var baseURL: String?

    @OptionGroup var options: ServerOptions

    private static let builtIn = "extractive"
    private static var localNames: String { LocalModelServer.Kind.allCases.map(\.rawValue).joined(separator: ", ") }

    func run() async throws {
        let configuration = try ServerConfiguration.read(options)
        guard let spec else { return try await list() }
        // Only a model's name may hold a colon.
        let parts = spec.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        var choice = try await choice(parts[0], model: parts.count > 1 && !parts[1].isEmpty ? parts[1] : nil)
        choice.key = ProcessInfo.processInfo.environment["LECTERN_PROVIDER_KEY"].flatMap { $0.isEmpty ? nil : $0 }
        do {
            let warnings = try await SettingsWriter(configuration).set(try choice.settings())
            let name = choice.model.map { "\($0) by \(choice.provider)" } ?? choice.provider
            print("Answers come from \(name) now; `lectern doctor --providers` tries it.".escapedForTerminal)
            for warning in warnings { print("Warning: \(warning)".escapedForTerminal) }
        } catch let error as ServiceError {
            throw Failure(error.message.escapedForTerminal)
        } catch let error as StartError {
            throw Failure(error.description)
        }
    }

    private func list() async throws {
        let found = await Self.localServers()
        guard !found.isEmpty else {
            print("No model server answers at its usual port on this machine (\(Self.localNames)).")
            return
        }
        for server in found { print(server.advice.escapedForTerminal) }
    }

    private func choice(_ name: String, model: String?) async throws -> ChatProviderChoice {
        guard let kind = LocalModelServer.Kind(named: name) else {
            return ChatProviderChoice(provider: name, model: model, base: baseURL)
        }
        if let baseURL { return ChatProviderChoice(provider: kind.provider, model: model, base: baseURL) }
        guard let server = await Self.localServers().first(where: { $0.kind == kind }) else {
            throw Failure(
                "\(kind.name) does not answer at its usual port on this machine. Start it, or say with --base-url where it is."
            )
        }
        return ChatProviderChoice(
            provider: kind.provider, model: try server.model(named: model).get(), base: server.base)
    }

    static func localServers() async -> [LocalModelServer] {
        await LocalModelServers(client: HTTPClient.shared).find()
    }
}

extension LocalModelServer.Kind {
    init?(named name: String) {
        self.init(rawValue: name.lowercased().replacing(".", with: "").replacing("-", with: ""))
    }
}

extension LocalModelServer {
    /// One line for people: what is there, and how it is used.
    var advice: String {
        guard let first = models.first else { return "\(kind.name) answers at \(base), but has no language model yet." }
        let shown = models.prefix(5).joined(separator: ", ") + (models.count > 5 ? ", …" : "")
        return "\(kind.name) answers at \(base) with \(shown): `lectern use \(kind.rawValue):\(first)` lets it answer."
    }

    /// The model of that name as the server writes it, or its first.
    func model(named name: String?) -> Result<String, Failure> {
        guard let first = models.first else {
            return .failure(Failure("\(kind.name) at \(base) has no language model yet."))
        }
        guard let name else { return .success(first) }
        // Ollama takes a name without a tag for the latest.
        guard let model = models.first(where: { $0 == name }) ?? models.first(where: { $0 == "\(name):latest" }) else {
            return .failure(
                Failure(
                    "\(kind.name) at \(base) has no model \(name). It has: \(models.joined(separator: ", "))."
                        .escapedForTerminal))
        }
        return .success(model)
    }
}
