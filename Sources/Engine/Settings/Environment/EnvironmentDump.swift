package import Domain
import Foundation
package import Persistence

/// Writes the settings in force into a file that the server can start with again: `lectern.env` in the storage directory,
/// readable by its owner alone, for it holds secrets.
package struct EnvironmentDump: Sendable {
    private let settings: Settings
    private let events: EventStore
    private let path: String

    package static let fileName = "lectern.env"

    package init(settings: Settings, events: EventStore, directory: String) {
        self.settings = settings
        self.events = events
        path = "\(directory)/\(Self.fileName)"
    }

    /// The file as it was, or as it is now: never half of it. Lines about other variables stay.
    package func write(by caller: Caller) async throws {
        var file = DotEnvFile((try? String(contentsOfFile: path, encoding: .utf8)) ?? "# Settings of Lectern\n")
        let snapshot = settings.snapshot
        let names = SettingTable.settings.map(\.variable) + EnvironmentVariable.all.map(\.name)
        for name in names.unique {
            if let value = snapshot.value(for: name) { file.set(name, to: value) } else { file.remove(name) }
        }
        try write(Data(file.text.utf8))
        try await events.log(.environmentWritten, by: caller)
    }

    private func write(_ data: Data) throws {
        let draft = "\(path).\(UUIDText.random())"
        do {
            guard
                FileManager.default.createFile(
                    atPath: draft, contents: nil, attributes: [.posixPermissions: 0o600])
            else { throw CocoaError(.fileWriteUnknown) }
            let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: draft))
            try handle.write(contentsOf: data)
            try handle.synchronize()
            try handle.close()
            // In one step, whatever happens meanwhile.
            guard rename(draft, path) == 0 else { throw CocoaError(.fileWriteUnknown) }
        } catch {
            try? FileManager.default.removeItem(atPath: draft)
            throw ServiceError(.unavailable, "The settings could not be written to a file.", cause: error)
        }
    }
}
