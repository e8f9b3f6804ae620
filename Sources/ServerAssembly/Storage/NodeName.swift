import Domain
import Foundation

/// The name of a node among those that work on one database, kept in its storage directory: after a crash it finds by it
/// what it had claimed.
enum NodeName {
    static func read(inDirectory directory: String) throws -> String {
        let file = URL(fileURLWithPath: "\(directory)/node")
        if let name = try? String(contentsOf: file, encoding: .utf8).trimmingCharacters(in: .whitespacesAndNewlines),
            !name.isEmpty
        {
            return name
        }
        let name = UUIDText.random()
        try Data(name.utf8).write(to: file, options: .atomic)
        return name
    }
}
