import Domain
import EventStreams
import NIOCore
import OrderedJSON

/// Reads the reply of a model, whatever it is written in, and tells of it as it comes.
struct ReplyReader {
    /// In bytes; longer than any window that a model has.
    private static let maximumReplyLength = 16 * 1024 * 1024
    /// In bytes, for one frame of a stream.
    private static let maximumFrameLength = 4 * 1024 * 1024

    private let connection: ProviderConnection
    private var summary = ReplySummary()
    private var toolCalls = ToolCallCollector()
    /// In bytes.
    private var length = 0
    private var hasBegun = false
    private var isFinished = false

    init(_ connection: ProviderConnection) { self.connection = connection }

    /// Reads a reply that comes as one text of JSON.
    mutating func readWhole(
        _ response: ProviderResponse, part: (JSON) -> ReplyPart, emit: (ReplyEvent) async throws -> Void
    ) async throws -> ReplySummary {
        let body = try await response.body.collect(upTo: Self.maximumReplyLength)
        let part = part(try connection.json(body.readableBytesView))
        try throwReported(part)
        guard part.isReply else { throw connection.unusable("is not a chat completion") }
        try await add(part, emit: emit)
        return try await finish(emit)
    }

    /// Reads a reply that comes in frames.
    ///
    /// To the end of the stream and not to the finish reason, since the usage comes after it. An end without a finish reason finishes
    /// the reply too: not every server sends one.
    ///
    /// - Parameter part: `nil` for a frame that says nothing.
    mutating func follow<Parser: FrameParser>(
        _ response: ProviderResponse, by parser: Parser.Type, part: (Parser.Frame) throws -> ReplyPart?,
        emit: (ReplyEvent) async throws -> Void
    ) async throws -> ReplySummary {
        var frames = Frames(
            response.body, by: parser, maximumLength: Self.maximumFrameLength, patience: connection.timeouts.idle
        ).makeAsyncIterator()
        var isLast = false
        while !isLast, let frame = try await next(&frames) {
            guard let part = try part(frame) else { continue }
            try throwReported(part)
            isLast = part.isLast
            try await add(part, emit: emit)
            guard length <= Self.maximumReplyLength else { throw connection.unusable("does not come to an end") }
            // Afterwards, so that a reader who takes long is not counted as the provider's silence.
            if part.isProgress { frames.noteProgress() }
        }
        // An end alone is an answer, an empty one; silence is none.
        guard hasBegun || isLast else { throw connection.unusable("holds no chat completion") }
        return try await finish(emit)
    }

    private func next<Parser: FrameParser>(
        _ frames: inout Frames<ProviderBody, Parser>.Iterator
    ) async throws -> Parser.Frame? {
        do { return try await frames.next() } catch is FrameTooLong {
            throw connection.unusable("holds an event longer than \(Self.maximumFrameLength) bytes")
        } catch is NoProgress {
            // What comes after the finish reason is the usage at best.
            if isFinished { return nil }
            let wait = connection.timeouts.idle.inSeconds
            throw connection.unusable("does not go on: nothing came but signs of life, for \(wait) or without measure")
        } catch is ServiceError where isFinished {
            // The reply is complete; how the connection ends afterwards does not matter.
            return nil
        }
    }

    private func throwReported(_ part: ReplyPart) throws {
        if let failure = part.error { throw connection.reported(failure.message, status: failure.status) }
    }

    private mutating func add(_ part: ReplyPart, emit: (ReplyEvent) async throws -> Void) async throws {
        hasBegun = hasBegun || part.isReply
        // Some vendors send usage with every chunk: the last one counts.
        summary.promptTokens = part.promptTokens ?? summary.promptTokens
        summary.completionTokens = part.completionTokens ?? summary.completionTokens
        if let reason = part.finishReason {
            isFinished = true
            summary.finishReason = reason
        }
        length += part.text.utf8.count + part.reasoning.utf8.count
        if !part.reasoning.isEmpty { try await emit(.reasoning(part.reasoning)) }
        if !part.text.isEmpty { try await emit(.text(part.text)) }
        if !part.probabilities.isEmpty { try await emit(.probabilities(part.probabilities)) }
        for call in part.toolCalls {
            length += call.arguments.utf8.count
            if let piece = toolCalls.add(call) { try await emit(.toolCallPiece(piece)) }
        }
    }

    private func finish(_ emit: (ReplyEvent) async throws -> Void) async throws -> ReplySummary {
        for call in toolCalls.complete { try await emit(.toolCall(call)) }
        return summary
    }
}

extension ProviderConnection {
    /// Sends the request that a prompt makes; one with pictures is large.
    func ask(_ prompt: Prompt, at path: String, request: @escaping @Sendable () -> JSON) async throws
        -> ProviderResponse
    {
        prompt.messages.contains { !$0.media.isEmpty }
            ? try await post(large: request, to: path) : try await post(request(), to: path)
    }

    func json(_ bytes: some Collection<UInt8>) throws -> JSON {
        guard let json = try? JSON(parsing: bytes) else { throw unusable("is not JSON") }
        return json
    }
}
