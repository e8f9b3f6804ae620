import Domain

/// Runs `body`, and hands what it reports on its threads to `progress`, one report after the other; of those that come faster
/// than they are taken, the newest.
func relaying<Value: Sendable>(
    to progress: @escaping @Sendable (ParseProgress) async -> Void,
    _ body: (@escaping @Sendable (ParseProgress) -> Void) async throws -> Value
) async throws -> Value {
    let (reports, continuation) = AsyncStream<ParseProgress>.makeStream(bufferingPolicy: .bufferingNewest(1))
    // Ends with the stream, or is cancelled where the body throws.
    async let relay: Void = { for await report in reports { await progress(report) } }()
    let value = try await body { continuation.yield($0) }
    continuation.finish()
    await relay
    return value
}
