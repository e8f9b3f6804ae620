package import Domain
import FoundationEssentials
package import Persistence

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Writes the settings in force into a file that the server can start with again: `lectern.env` in the storage directory,
/// readable by its owner alone, for it holds secrets.
package struct EnvironmentDump: Sendable {
    private let settings: Settings
    private let events: EventStore
    private let owner: OwnerPassword
    private let path: String

    package static let fileName = "lectern.env"

    package init(settings: Settings, events: EventStore, owner: OwnerPassword, directory: String) {
        self.owner = owner
        self.settings = settings
        self.events = events
        path = "\(directory)/\(Self.fileName)"
    }

    /// The file as it was, or as it is now: never half of it. Lines about other variables stay.
    package func write(by caller: Caller) async throws {
        var file = DotEnvFile((try? String(contentsOfFile: path, encoding: .utf8)) ?? "# Settings of Lectern\n")
        let snapshot = settings.snapshot
        // A password that was set or taken away since is not to come back.
        let isReplaced = try await owner.isStored()
        let names = SettingTable.settings.map(\.variable) + EnvironmentVariable.all.map(\.name)
        for name in names.unique {
            if name == "AUTH_TOKEN", isReplaced {
                file.remove(name)
            } else if let value = snapshot.value(for: name) {
                file.set(name, to: value)
            } else {
                file.remove(name)
            }
        }
        try write(Data(file.text.utf8))
        try await events.log(.environmentWritten, by: caller)
    }

    private func write(_ data: Data) throws {
        let draft = "\(path).\(UUIDText.random())"
        do {
            guard
                FileManager.default.createFile(
                    atPath: draft, contents: data, attributes: [.posixPermissions: 0o600])
            else { throw CocoaError(.fileWriteUnknown) }
            let descriptor = open(draft, O_RDONLY | O_CLOEXEC)
            guard descriptor >= 0 else { throw CocoaError(.fileWriteUnknown) }
            let isDurable = fsync(descriptor) == 0
            close(descriptor)
            // In one step, whatever happens meanwhile.
            guard isDurable, rename(draft, path) == 0 else { throw CocoaError(.fileWriteUnknown) }
        } catch {
            try? FileManager.default.removeItem(atPath: draft)
            throw ServiceError(.unavailable, "The settings could not be written to a file.", cause: error)
        }
    }
}
