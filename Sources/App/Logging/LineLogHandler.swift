import Foundation
import Logging

/// Writes each event as one line of `key=value` pairs to standard error.
///
/// Whatever was logged, a line is a line: control characters, which could forge lines or move a terminal's cursor, are escaped.
struct LineLogHandler: LogHandler {
    let label: String
    var logLevel: Logger.Level
    var metadata: Logger.Metadata = [:]
    var metadataProvider: Logger.MetadataProvider?

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        var line = Self.line(event, at: Date(), label: label, metadata: merged(event.metadata))
        line.append("\n")
        FileHandle.standardError.write(Data(line.utf8))
    }

    private func merged(_ own: Logger.Metadata?) -> Logger.Metadata {
        var result = metadata
        if let provided = metadataProvider?.get() { result.merge(provided) { _, new in new } }
        if let own { result.merge(own) { _, new in new } }
        return result
    }

    static func line(_ event: LogEvent, at time: Date, label: String, metadata: Logger.Metadata) -> String {
        var line =
            "\(time.formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true))) \(event.level) \(label): "
        line += escaped(event.message.description)
        for (key, value) in metadata.sorted(by: { $0.key < $1.key }) { line += " \(escaped(key))=\(quoted(value))" }
        if let error = event.error { line += " error=\(quoted(.string("\(error)")))" }
        return line
    }

    private static func quoted(_ value: Logger.MetadataValue) -> String {
        let text = escaped(value.description)
        guard text.isEmpty || text.contains(where: { $0 == " " || $0 == "=" || $0 == "\"" }) else { return text }
        return "\"\(text.replacing("\"", with: "\\\""))\""
    }

    private static func escaped(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator:
                result += "\\u{\(String(scalar.value, radix: 16))}"
            default:
                result += scalar == "\\" ? "\\\\" : String(scalar)
            }
        }
        return result
    }
}
