import Domain

/// Says nothing until its answer is cancelled.
struct SilentModel: LanguageModel {
    let providerName = "SilentLLM"
    let modelID = "silent"
    let contextWindow = 4096
    let supportsTools = false
    let acceptsImages = false

    private let starts = AsyncStream<Void>.makeStream()
    private let ends = AsyncStream<Void>.makeStream()

    func reply(to prompt: Prompt, emit: (ReplyEvent) async throws -> Void) async throws -> ReplySummary {
        starts.continuation.yield()
        defer { ends.continuation.yield() }
        try await Task.sleep(for: .seconds(3600))
        return ReplySummary(promptTokens: 0, completionTokens: 0)
    }

    func started() async { _ = await starts.stream.first { true } }
    func ended() async { _ = await ends.stream.first { true } }
}

/// Does not stop talking until its answer is cancelled.
struct FloodingModel: LanguageModel {
    let providerName = "FloodingLLM"
    let modelID = "flooding"
    let contextWindow = 4096
    let supportsTools = false
    let acceptsImages = false

    private let ends = AsyncStream<Void>.makeStream()
    private let piece = String(repeating: "words ", count: 2000)

    func reply(to prompt: Prompt, emit: (ReplyEvent) async throws -> Void) async throws -> ReplySummary {
        defer { ends.continuation.yield() }
        while true { try await emit(.text(piece)) }
    }

    func ended() async { _ = await ends.stream.first { true } }
}
