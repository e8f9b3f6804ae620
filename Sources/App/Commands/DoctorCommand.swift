import ArgumentParser
import AsyncHTTPClient
import BERT
import DocumentParsers
import Domain
import Engine
import Foundation
import LinkFetching
import Logging
import NIOCore
import NIOHTTP1
import Persistence
import SQLiteDriver
import ServerAssembly

/// Checks what the server needs and says how to mend what is wrong.
struct DoctorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor", abstract: "Check storage, model, tools and port, and say how to mend what is wrong.")

    @OptionGroup var options: ServerOptions

    @Flag(
        name: .customLong("providers"),
        help: "Ask each configured provider for a token, an embedding or a ranking, which it may charge for.")
    var asksProviders = false

    private static let minimumFreeBytes = 500 << 20

    func run() async throws {
        let configuration = try ServerConfiguration.read(options)
        let address = configuration.authority(port: configuration.port)
        let (settings, workspaces) = await readStored(configuration)
        var checks = [
            ("storage in \(configuration.storage)", await checkStorage(configuration.place)),
            ("disk space", checkSpace(configuration.storage)),
            ("tools", checkTools(settings)),
            ("sandbox of the parsers", await checkSandbox()),
            ("port \(address)", await checkPort(configuration, address)),
        ]
        if let renderer = ChromiumRenderer(settings, launcher: ServerConfiguration.browserLauncher) {
            checks.append(("browser for the pages of links", await checkBrowser(renderer)))
        }
        checks += settings.providerChecks().map { ($0.title, $0.problem) }
        for problem in await settings.environmentProblems() {
            checks.append(("environment", problem.sentence))
        }
        if settings.usesNativeEmbedder {
            checks.append(("embedding model in \(configuration.modelFolder)", checkModel(configuration.modelFolder)))
        }
        for (name, problem) in checks {
            print("\(problem == nil ? "ok  " : "FAIL") \(name)\(problem.map { ": " + $0 } ?? "")".escapedForTerminal)
        }
        if asksProviders {
            for finding in await findings(configuration, settings, workspaces) {
                let outcome = finding.problem ?? finding.answer ?? ""
                print("\(finding.problem == nil ? "ok  " : "FAIL") \(finding.title): \(outcome)".escapedForTerminal)
                checks.append((finding.title, finding.problem))
            }
        }
        if settings.answersWithoutModel {
            for server in await UseCommand.localServers() { print("hint \(server.advice)".escapedForTerminal) }
        }
        if checks.contains(where: { $0.1 != nil }) { throw ExitCode.failure }
    }

    private func checkStorage(_ place: StoragePlace) async -> String? {
        // The doctor leaves nothing behind: a first start will make it.
        guard Storage.exists(place) else { return place.problemOfMaking() }
        do {
            let storage = try await Storage.open(place, for: .inspection)
            let problems = try await (storage.database as? SQLiteDatabase)?.integrityProblems() ?? []
            return problems.isEmpty
                ? nil : "the database is damaged (\(problems[0])); restore a copy of \(place.databaseFile)"
        } catch {
            return "\(error)"
        }
    }

    /// What is stored, where there is a storage that can be read, over the environment.
    private func readStored(_ configuration: ServerConfiguration) async -> (SettingsSnapshot, [Workspace]) {
        guard Storage.exists(configuration.place),
            let storage = try? await Storage.open(configuration.place, for: .inspection),
            let settings = try? await storage.settings(configuration.environment)
        else { return (SettingsSnapshot(environment: configuration.environment), []) }
        return (settings, (try? await WorkspaceStore(storage.database).all()) ?? [])
    }

    private func findings(
        _ configuration: ServerConfiguration, _ settings: SettingsSnapshot, _ workspaces: [Workspace]
    ) async -> [ProviderProbe.Finding] {
        let clients = ProviderClients(environment: configuration.environment)
        let factory = configuration.providers(
            clients, logger: Logger(label: "doctor") { _ in SwiftLogNoOpLogHandler() })
        let findings = await ProviderProbe(factory: factory, settings: settings).findings(workspaces)
        try? await clients.shutdown()
        return findings
    }

    private func checkSpace(_ path: String) -> String? {
        let attributes = try? FileManager.default.attributesOfFileSystem(forPath: path)
        guard let free = (attributes?[.systemFreeSize] as? NSNumber)?.intValue, free < Self.minimumFreeBytes else {
            return nil
        }
        return "only \(free >> 20) MiB are free at \(path); make room or choose another place with --storage"
    }

    private func checkModel(_ folder: String) -> String? {
        do throws(BERTError) {
            _ = try BERTModel(folder: folder, options: BERTOptions())
            return nil
        } catch {
            return "\(ModelCheck.sentence(error)); `script/fetch-model` brings it"
        }
    }

    private func checkTools(_ settings: SettingsSnapshot) -> String? {
        var tools = [
            ("pdfinfo", "poppler-utils"), ("pdftotext", "poppler-utils"), ("pdftohtml", "poppler-utils"),
            ("pdftoppm", "poppler-utils"), ("tesseract", "tesseract-ocr"),
        ]
        if (try? settings.transcriptionEndpoint()) != nil { tools.append(("ffmpeg", "ffmpeg")) }
        let missing = tools.filter { !FileManager.default.isExecutableFile(atPath: "/usr/bin/\($0.0)") }
        guard !missing.isEmpty else { return nil }
        let packages = Set(missing.map(\.1)).sorted().joined(separator: " ")
        return "\(missing.map(\.0).joined(separator: ", ")) missing; `apt-get install \(packages)` brings it"
    }

    private func checkSandbox() async -> String? {
        do {
            let command = [ServerConfiguration.executablePath, "probe-sandbox"]
            return try await SandboxedDocumentReader.probe(command: command).weakness
        } catch {
            return "a parser's child cannot be confined (\(error)); no file but plain text can be read"
        }
    }

    private func checkBrowser(_ renderer: ChromiumRenderer) async -> String? {
        do {
            _ = try await renderer.probe()
            return nil
        } catch {
            let reason = (error as? RenderingError)?.reason ?? "\(error)"
            return "\(reason); pages are read without their scripts. Debian's package is chromium"
        }
    }

    private func checkPort(_ configuration: ServerConfiguration, _ address: String) async -> String? {
        guard let isFree = Self.canListen(at: configuration.host, port: configuration.port) else {
            return "\(configuration.host) is no address of this machine; choose another one with --host"
        }
        if isFree { return nil }
        let isLectern =
            (try? await HTTPClient.shared.execute(
                HTTPClientRequest(url: "http://\(address)/api/ping"), timeout: .seconds(2)))?
            .status == .ok
        return isLectern ? nil : "it is in use by another program; choose another one with --port"
    }

    /// `nil` where nobody knows the host.
    private static func canListen(at host: String, port: Int) -> Bool? {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        hints.ai_flags = AI_PASSIVE
        var first: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(host, String(port), &hints, &first) == 0, let address = first?.pointee else { return nil }
        defer { freeaddrinfo(first) }
        let descriptor = socket(address.ai_family, address.ai_socktype, address.ai_protocol)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var reuse: Int32 = 1
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &reuse, socklen_t(MemoryLayout<Int32>.size))
        guard bind(descriptor, address.ai_addr, address.ai_addrlen) != 0 else { return true }
        return errno == EADDRNOTAVAIL ? nil : false
    }
}
