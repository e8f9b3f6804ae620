import FoundationEssentials

/// UUIDs as they are written on the wire: in lower case.
package enum UUIDText {
    package static func random() -> String { UUID().uuidString.lowercased() }
}
