import Dispatch

/// Runs work that blocks for long on a thread of its own. How many there are, whoever calls this bounds.
func onBackgroundThread<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws -> Value {
    try await withCheckedThrowingContinuation { continuation in
        // A serial queue: a global one starts no further thread for a second or more while its threads are blocked.
        DispatchQueue(label: "lectern.parse", qos: .utility).async { continuation.resume(with: Result { try work() }) }
    }
}
