import AsyncHTTPClient
import BytePairEncoding
import DocumentParsers
import Domain
import Engine
import Foundation
import IdentityProviders
import Logging
import MCPClient
import ModelProviders
import ServerAssembly
import Synchronization

extension ServerConfiguration {
    /// What this program assembles its server from: the models of providers and of this process, and a parser in a
    /// process of its own.
    func parts(on storage: Storage, clients: ProviderClients, logger: Logger) -> ServerParts {
        let providers = providers(clients, logger: logger)
        var limits = ParseLimits()
        limits.maximumTextBytes = maximumTextBytes
        limits.recognitionLanguages = recognitionLanguages
        var parts = ServerParts(
            storage: storage, environment: environment, models: providers.sources,
            reader: SandboxedDocumentReader(command: [Self.executablePath, "parse-document"], limits: limits),
            logger: logger)
        parts.recordingDecoder = SandboxedRecordingDecoder(command: [Self.executablePath, "decode-recording"])
        parts.browserLauncher = Self.browserLauncher
        parts.toolServer = toolServer(clients, logger)
        parts.maximumUploadBytes = maximumUploadBytes
        parts.vectorMemoryBytes = vectorMemoryBytes
        let provider = Mutex<(endpoint: OpenIDConnectEndpoint, provider: OpenIDConnectProvider)?>(nil)
        // One for all sign-ins: it remembers what the provider publishes.
        parts.identityProvider = { endpoint in
            provider.withLock { known in
                if let known, known.endpoint == endpoint { return known.provider }
                let made = OpenIDConnectProvider(endpoint, client: clients.models)
                known = (endpoint, made)
                return made
            }
        }
        return parts
    }

    func providers(_ clients: ProviderClients, logger: Logger) -> ProviderFactory {
        ProviderFactory(
            clients: clients, tokens: tokenCounter(logger),
            inProcessModels: InProcessModels(standardFolder: modelFolder, storage: storage),
            windows: modelWindows(logger), logger: logger)
    }

    /// The MCP servers that operators have configured; `nil` where there are none.
    private func toolServer(_ clients: ProviderClients, _ logger: Logger) -> (any ToolServer)? {
        let file = MCPServersFile(
            path: toolServersFile, isOptional: environment["LECTERN_MCP_SERVERS"]?.isEmpty ?? true)
        guard !file.entries.isEmpty || !file.problems.isEmpty else { return nil }
        var limits = MCPLimits()
        if let seconds = SettingsSnapshot(environment: environment).amount(for: "LECTERN_MCP_SECONDS") {
            limits.callTime = .seconds(seconds)
        }
        return MCPToolServers(file, client: clients.tools, limits: limits, logger: logger)
    }

    /// Counts exactly where OpenAI's vocabulary is on this machine.
    private func tokenCounter(_ logger: Logger) -> TokenCounter {
        let file = VocabularyFile(path: vocabularyFile) { problem in
            logger.warning("Tokens are estimated", metadata: ["reason": "\(problem.message)"])
        }
        return TokenCounter { file.vocabulary }
    }

    private func modelWindows(_ logger: Logger) -> ModelWindowFile {
        let path = environment["LECTERN_MODEL_WINDOWS"].flatMap { $0.isEmpty ? nil : $0 }
        return ModelWindowFile(path: path ?? "\(storage)/\(ModelWindowFile.usualName)") { problem in
            logger.warning("The table of context windows is not read", metadata: ["reason": "\(problem)"])
        }
    }

    static var browserLauncher: [String] { [executablePath, "run-browser"] }

    /// Of this program, to start itself again for parsing.
    static var executablePath: String {
        (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? CommandLine.arguments[0]
    }
}
