import ArgumentParser
import AsyncHTTPClient
import CoreMetrics
import Domain
import Engine
import Foundation
import HummingbirdCore
import Logging
import ModelProviders
import NIOCore
import Persistence
import PrometheusMetrics
import ServerAssembly

struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve", abstract: "Start the server; the first start makes and prints an API key.")

    @OptionGroup var options: ServerOptions

    func run() async throws {
        let configuration = try ServerConfiguration.read(options)
        let level =
            configuration.environment["LOG_LEVEL"].flatMap { Logger.Level(rawValue: $0.lowercased()) } ?? .warning
        let logger = Logger(label: "lectern") { LineLogHandler(label: $0, logLevel: level) }
        MetricsSystem.bootstrap(PrometheusRegistry.shared)
        OpenFileLimit.raise()
        do {
            let storage = try await Storage.open(configuration.place, for: .serving)
            defer { withExtendedLifetime(storage) {} }
            let settings = try await storage.settings(configuration.environment)
            var problems = await settings.environmentProblems().filter { !$0.preventsStart }.map(\.sentence)
            problems += settings.providerChecks().compactMap(\.problem)
            if settings.usesNativeEmbedder, let problem = ModelCheck.problem(with: configuration.modelFolder) {
                problems.append(problem)
            }
            for problem in problems {
                FileHandle.standardError.write(Data("Warning: \(problem.escapedForTerminal)\n".utf8))
            }
            let clients = ProviderClients(environment: configuration.environment)
            let end = await outcome(of: {
                let server = try await Server(configuration.parts(on: storage, clients: clients, logger: logger))
                try await server.run(
                    at: configuration.host, port: configuration.port, certificate: configuration.certificate,
                    maximumConnections: OpenFileLimit.connections,
                    logger: logger
                ) { port in
                    // Only now is it sure that somebody will see the key.
                    let key = try await makeFirstKey(in: storage)
                    announce(configuration, port: port, key: key)
                    if settings.answersWithoutModel { await announceLocalServers() }
                }
            })
            try await clients.shutdown()
            try end.get()
        } catch let error as StartError {
            throw Failure(error.description)
        } catch let error as IOError where error.errnoCode == EADDRINUSE {
            throw Failure(
                "Port \(configuration.port) on \(configuration.host) is in use. Choose another one with --port.")
        } catch is SocketAddressError.UnknownHost {
            throw Failure("\(configuration.host) is no address of this machine. Choose another one with --host.")
        } catch is IOError {
            throw Failure(
                "\(configuration.host) is no address of this machine, or port \(configuration.port) may not be used.")
        }
    }

    /// What could answer in words of its own and is not used.
    private func announceLocalServers() async {
        for server in await UseCommand.localServers() {
            FileHandle.standardOutput.write(Data("\(server.advice.escapedForTerminal)\n".utf8))
        }
    }

    private func makeFirstKey(in storage: Storage) async throws -> String? {
        let keys = APIKeys(database: storage.database)
        guard try await keys.all().isEmpty else { return nil }
        return try await keys.create(APIKeyStore.NewKey(name: "first start"), by: .system).key
    }

    private func announce(_ configuration: ServerConfiguration, port: Int, key: String?) {
        let scheme = configuration.certificate == nil ? "http" : "https"
        let place = configuration.authority(port: port)
        var lines = "Lectern is at \(scheme)://\(place)/api (documentation at /api/docs)\n"
        if let key { lines += "API key, shown this once: \(key)\n" }
        FileHandle.standardOutput.write(Data(lines.utf8))
    }
}

/// Ends the program with a message and without a usage text.
struct Failure: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}

private func outcome(of body: () async throws -> Void) async -> Result<Void, any Error> {
    do { return .success(try await body()) } catch { return .failure(error) }
}
