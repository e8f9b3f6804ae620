import Domain
import Synchronization
import Testing

@testable import Engine

@Suite struct DocumentSummarizerTests {
    @Test func `a short text takes one call`() async throws {
        let model = CountingModel()
        let summary = try await DocumentSummarizer(model: model, tokens: .estimate).summary(
            of: "A short text.", titled: "a", focus: "dates"
        ) { _ in }
        #expect(summary == "summary 1")
        #expect(model.prompts.count == 1)
        #expect(model.prompts[0].messages[0].text.hasSuffix("Attend above all to: dates"))
    }

    @Test func `a long text is read in parts, all of it, and the summaries are summarised`() async throws {
        let model = CountingModel()
        let text = (0..<900).map { "Line \($0) of the text." }.joined(separator: "\n")
        var notes: [String] = []
        let summary = try await DocumentSummarizer(model: model, tokens: .estimate).summary(
            of: text, titled: "a", focus: nil
        ) {
            notes.append($0)
        }
        let parts = model.prompts.dropLast().map { $0.messages[1].text }
        #expect(parts.count > 1)
        #expect(parts.joined() == text)
        #expect(notes.first == "Summarising a, part 1 of \(parts.count).")
        #expect(summary == "summary \(parts.count + 1)")
        #expect(model.prompts.last?.messages[1].text.hasPrefix("summary 1\n\nsummary 2") == true)
    }

    @Test func `a text without end is read at eight places, and the summary says so`() async throws {
        let model = CountingModel()
        let text = (0..<50_000).map { "Line \($0) of the téxt." }.joined(separator: "\n")
        let summary = try await DocumentSummarizer(model: model, tokens: .estimate).summary(
            of: text, titled: "a", focus: nil
        ) { _ in }
        #expect(model.prompts.count == 9)
        #expect(model.prompts[0].messages[1].text.hasPrefix("Line 0 "))
        #expect(model.prompts[7].messages[1].text.contains("Line 49999 "))
        #expect(summary?.contains("too long to be read whole; 8 parts") == true)
    }
}

/// Numbers its replies.
private final class CountingModel: LanguageModel {
    let providerName = "CountingLLM"
    let modelID = "counting"
    let contextWindow = 2048
    let supportsTools = false
    let acceptsImages = false
    private let asked = Mutex<[Prompt]>([])

    var prompts: [Prompt] { asked.withLock(\.self) }

    func reply(to prompt: Prompt, emit: (ReplyEvent) async throws -> Void) async throws -> ReplySummary {
        let count = asked.withLock { asked in
            asked.append(prompt)
            return asked.count
        }
        try await emit(.text("summary \(count)"))
        return ReplySummary()
    }
}
