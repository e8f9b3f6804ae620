import Domain
import Foundation
import Logging
import Synchronization

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
        var line = Self.line(event, at: .now, label: label, metadata: merged(event.metadata))
        line.append("\n")
        Self.write(line)
    }

    private func merged(_ own: Logger.Metadata?) -> Logger.Metadata {
        var result = metadata
        if let provided = metadataProvider?.get() { result.merge(provided) { _, new in new } }
        if let own { result.merge(own) { _, new in new } }
        return result
    }

    /// A line is lost where nobody takes it: a log that cannot be written must not end the server.
    private static func write(_ line: String) {
        var line = line
        line.withUTF8 { bytes in
            var rest = UnsafeRawBufferPointer(bytes)
            while !rest.isEmpty {
                let count = Glibc.write(STDERR_FILENO, rest.baseAddress, rest.count)
                guard count > 0 || errno == EINTR else { return }
                rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(max(count, 0)))
            }
        }
    }

    static func line(_ event: LogEvent, at time: Timestamp, label: String, metadata: Logger.Metadata) -> String {
        var line = "\(Self.text(of: time)) \(event.level) \(label): \(event.message.description.escapedForTerminal)"
        func add(_ key: String, _ value: Logger.MetadataValue) {
            line += " "
            line += key.escapedForTerminal
            line += "="
            line += quoted(value)
        }
        for (key, value) in metadata.sorted(by: { $0.key < $1.key }) { add(key, value) }
        if let error = event.error { add("error", .string("\(error)")) }
        return line
    }

    // MARK: Time

    private static let lastSecond = Mutex<(seconds: Int64, text: Substring)?>(nil)

    /// `1970-01-01T00:00:00.000Z`. A date is written anew once a second only: a server writes thousands of lines in it.
    private static func text(of time: Timestamp) -> String {
        let second = lastSecond.withLock { last in
            if let last, last.seconds == time.seconds { return last.text }
            let text = time.iso8601.dropLast(4)
            last = (time.seconds, text)
            return text
        }
        let fraction = time.milliseconds - time.seconds * 1000
        return "\(second)\(String(1000 + fraction).dropFirst())Z"
    }

    // MARK: Text

    private static func quoted(_ value: Logger.MetadataValue) -> String {
        let text = value.description.escapedForTerminal
        guard text.isEmpty || text.utf8.contains(where: { $0 == 0x20 || $0 == 0x3D || $0 == 0x22 }) else { return text }
        return "\"\(text.replacing("\"", with: "\\\""))\""
    }
}
