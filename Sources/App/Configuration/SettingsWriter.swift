import AsyncHTTPClient
import Domain
import Engine
import Foundation
import NIOHTTP1
import OrderedJSON
import Persistence
import ServerAssembly

/// Changes settings from a command: in the storage, or through the server that works on it.
struct SettingsWriter {
    private let configuration: ServerConfiguration

    init(_ configuration: ServerConfiguration) { self.configuration = configuration }

    /// - Returns: what people should know of it.
    /// - Throws: `ServiceError` where a value is refused; nothing has changed then.
    func set(_ sent: [SentSetting]) async throws -> [String] {
        let isServed = Storage.isServed(configuration.place)
        let storage = try await Storage.open(configuration.place, for: .command)
        return isServed ? try await ask(sent, storage) : try await write(sent, storage)
    }

    private func write(_ sent: [SentSetting], _ storage: Storage) async throws -> [String] {
        let box = SecretBox(storage.keyFile), store = SettingStore(storage.database)
        let settings = Settings(
            environment: configuration.environment, stored: box.open(try await store.all()).values)
        let editor = SettingsEditor(settings: settings, box: box, embedderChange: nil, store: store)
        let outcome = try await editor.update(sent, by: .system)
        if let error = outcome.batch.error { throw ServiceError.invalid(error) }
        return outcome.warnings
    }

    /// A server holds its settings in memory, so it has to be told; with a key that is made for that and revoked again.
    private func ask(_ sent: [SentSetting], _ storage: Storage) async throws -> [String] {
        let keys = APIKeys(database: storage.database)
        let made = try await keys.create(APIKeyStore.NewKey(name: "lectern use"), by: .system)
        let answer: Result<JSON, any Error>
        do { answer = .success(try await update(sent, key: made.key)) } catch { answer = .failure(error) }
        _ = try await keys.revoke(id: made.entry.key.id, by: .system)
        do {
            let json = try answer.get()
            if let error = json["error"]?.stringValue { throw ServiceError.invalid(error) }
            return json["warnings"]?.arrayValue?.compactMap(\.stringValue) ?? []
        } catch let failure as ClientFailure {
            throw Failure(
                "\(failure.message) A server works on \(configuration.storage); name its address with --host and --port."
            )
        }
    }

    private func update(_ sent: [SentSetting], key: String) async throws -> JSON {
        let scheme = configuration.certificate == nil ? "http" : "https"
        let base = "\(scheme)://\(configuration.authority(port: configuration.port))/api/v1"
        let members = sent.map { setting -> (key: String, value: JSON) in
            guard case .text(let text) = setting.value else { return (setting.key, .null) }
            return (setting.key, .string(text))
        }
        let client = LibraryClient(base: base, key: key, http: HTTPClient.shared)
        return try await client.json(.POST, "/system/update-env", .object(JSONObject(members: members)), once: true)
    }
}
