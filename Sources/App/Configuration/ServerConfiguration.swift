import ArgumentParser
import BytePairEncoding
import Engine
import Foundation
import ServerAssembly

/// Where this process keeps things and where it listens, read once at the start.
struct ServerConfiguration: Sendable {
    /// What the settings read: the variables that Lectern knows, from the environment or from `.env`.
    var environment: [String: String]
    var storage: String
    var place: StoragePlace
    var host: String
    var port: Int
    /// `nil` where the server speaks HTTP alone.
    var certificate: TLSCertificate?
    var modelFolder: String
    /// Of the vocabulary that tokens are counted by; need not be there.
    var vocabularyFile: String
    var maximumUploadBytes: Int
    var maximumTextBytes: Int
    /// Tesseract's codes.
    var recognitionLanguages: [String]
    /// What the vectors in memory take together.
    var vectorMemoryBytes: Int
    /// Of the MCP servers; need not be there.
    var toolServersFile: String

    static let defaultModel = "all-MiniLM-L6-v2"

    /// Command line first, then the environment, then `.env`, then what is usual.
    static func read(_ options: ServerOptions = ServerOptions()) throws -> ServerConfiguration {
        var environment = knownVariables()
        // It may hold a password, which no setting needs to know.
        let databaseURL = environment.removeValue(forKey: "DATABASE_URL").flatMap { $0.isEmpty ? nil : $0 }
        let storage = options.storage ?? environment["STORAGE_DIR"] ?? "storage"
        guard options.storage != "" else { throw ValidationError("--storage must name a directory.") }
        guard let port = options.port ?? Int(nonEmpty(environment["SERVER_PORT"]) ?? "3001"), (0...65535).contains(port)
        else {
            throw ValidationError("The port must be a number from 0 to 65535 (--port or SERVER_PORT).")
        }
        // As `EnvironmentRule` reads them; the start refuses what breaks it.
        let settings = SettingsSnapshot(environment: environment)
        return ServerConfiguration(
            environment: environment, storage: absolute(storage),
            place: StoragePlace(
                directory: absolute(storage), databaseURL: databaseURL,
                maximumConnections: settings.amount(for: "LECTERN_DATABASE_CONNECTIONS") ?? 10),
            host: options.host ?? nonEmpty(environment["LECTERN_HOST"]) ?? "127.0.0.1", port: port,
            certificate: try certificate(environment),
            modelFolder: (options.model ?? environment["LECTERN_MODEL_DIR"]).map(absolute)
                ?? usualPlace(of: defaultModel, storage: absolute(storage)),
            vocabularyFile: usualPlace(of: BytePairEncoder.fileName, storage: absolute(storage)),
            maximumUploadBytes: (settings.amount(for: "LECTERN_MAX_UPLOAD_MB") ?? 4096) << 20,
            maximumTextBytes: (settings.amount(for: "LECTERN_MAX_TEXT_MB") ?? 64) << 20,
            recognitionLanguages: settings.list(for: "TARGET_OCR_LANG"),
            vectorMemoryBytes: settings.amount(for: "LECTERN_VECTOR_MEMORY_MB").map { min($0, 1 << 24) << 20 }
                ?? MachineMemory.available / 4,
            toolServersFile: nonEmpty(environment["LECTERN_MCP_SERVERS"]).map(absolute)
                ?? "\(absolute(storage))/plugins/anythingllm_mcp_servers.json")
    }

    /// Where the server is, as addresses of the web have it: `127.0.0.1:3001`, `[::1]:3001`.
    func authority(port: Int) -> String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }

    private static func nonEmpty(_ text: String?) -> String? { text?.isEmpty == true ? nil : text }

    private static func certificate(_ environment: [String: String]) throws -> TLSCertificate? {
        switch (environment["HTTPS_CERT_PATH"] ?? "", environment["HTTPS_KEY_PATH"] ?? "") {
        case ("", ""): return nil
        case (let certificate, let key) where !certificate.isEmpty && !key.isEmpty:
            return TLSCertificate(certificatePath: absolute(certificate), keyPath: absolute(key))
        default: throw ValidationError("HTTPS_CERT_PATH and HTTPS_KEY_PATH belong together; one of them is missing.")
        }
    }

    private static func knownVariables() -> [String: String] {
        let process = ProcessInfo.processInfo.environment
        let file = (try? String(contentsOfFile: ".env", encoding: .utf8)).map { DotEnvFile($0).values }
        let names = SettingTable.settings.map(\.variable) + EnvironmentVariable.all.map(\.name)
        var values: [String: String] = [:]
        for name in names { values[name] = process[name] ?? file?[name] }
        return values
    }

    /// The first of the usual places of a model's files that exists; else the first, which messages about it name.
    private static func usualPlace(of name: String, storage: String) -> String {
        // `.build/release/lectern` finds the models of its repository from wherever it is started.
        var folder = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
        var places = [absolute("models/\(name)"), "\(storage)/models/\(name)"]
        while folder.path.count > 1 {
            folder.deleteLastPathComponent()
            places.append(folder.appendingPathComponent("models/\(name)").path)
        }
        return places.first { FileManager.default.fileExists(atPath: $0) } ?? places[0]
    }

    private static func absolute(_ path: String) -> String {
        URL(fileURLWithPath: path, relativeTo: URL(fileURLWithPath: FileManager.default.currentDirectoryPath))
            .standardizedFileURL.path
    }
}

/// The options that every command knows.
struct ServerOptions: ParsableArguments {
    @Option(help: "Where everything is stored (STORAGE_DIR; else ./storage).")
    var storage: String?

    @Option(help: "The address to listen on (LECTERN_HOST; else 127.0.0.1).")
    var host: String?

    @Option(help: "The port to listen on (SERVER_PORT; else 3001).")
    var port: Int?

    @Option(help: "The folder of the embedding model (LECTERN_MODEL_DIR; else ./models/all-MiniLM-L6-v2).")
    var model: String?
}
