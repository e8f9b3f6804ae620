import OrderedJSON
import Synchronization

/// Documents that a provider publishes and seldom changes.
final class DocumentCache: Sendable {
    private let documents = Mutex<[String: (document: JSONObject, read: ContinuousClock.Instant)]>([:])

    private static let validity = Duration.seconds(3600)
    /// Between two looks for a newer document, however many wrong tokens come.
    private static let refreshInterval = Duration.seconds(30)

    func find(_ address: String, fresh: Bool) -> JSONObject? {
        let validity = fresh ? Self.refreshInterval : Self.validity
        return documents.withLock { documents in
            guard let entry = documents[address], .now < entry.read + validity else { return nil }
            return entry.document
        }
    }

    func remember(_ document: JSONObject, of address: String) {
        documents.withLock { $0[address] = (document, .now) }
    }
}
