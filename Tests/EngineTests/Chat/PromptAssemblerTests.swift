import Domain
import Testing

@testable import Engine

@Suite struct PromptAssemblerTests {
    /// About 100 tokens.
    private static func text(_ name: String) -> String {
        name + String(repeating: " words of a long passage", count: 20)
    }

    private static func passage(_ name: String) -> PromptAssembler.Passage {
        PromptAssembler.Passage(quoted: text(name), passage: ContextPassage(text: name, citation: name))
    }

    private static let history = (0..<20).flatMap { number in
        [
            Message(role: .user, text: text("question \(number)")),
            Message(role: .assistant, text: text("answer \(number)")),
        ]
    }

    private static func prompt(window: Int, question: String = "Why?", pinned: Int = 0, passages: Int = 8) -> Prompt {
        PromptAssembler(contextWindow: window, options: GenerationOptions()).prompt(
            instruction: "Answer.", documents: (0..<pinned).map { passage("pinned \($0)") },
            passages: (0..<passages).map { passage("passage \($0)") }, history: history,
            question: Message(role: .user, text: question))
    }

    @Test(arguments: Array(stride(from: 256, through: 8192, by: 397)))
    func `a prompt fits its window, whatever is in it`(window: Int) {
        for question in ["Why?", String(repeating: "Why is that so? ", count: 1000)] {
            for pinned in [0, 4, 100] {
                let prompt = Self.prompt(window: window, question: question, pinned: pinned)
                #expect(Self.messagesCost(prompt) <= window)
                #expect(prompt.messages.first?.role == .system)
                #expect(prompt.messages.last?.role == .user)
            }
        }
    }

    @Test func `a few tokens less of window cost one passage or one chat at most`() {
        var previous = Self.prompt(window: 4096)
        for window in stride(from: 4095, through: 1024, by: -3) {
            let prompt = Self.prompt(window: window)
            let lost = Self.messagesCost(previous) - Self.messagesCost(prompt)
            #expect(lost < 350, "at a window of \(window)")
            previous = prompt
        }
    }

    @Test func `the best passages and the newest chats are kept, whole and in order`() {
        let prompt = Self.prompt(window: 1300)
        let names = prompt.passages.map(\.text)
        #expect(!names.isEmpty && names.count < 8)
        #expect(names == (0..<names.count).map { "passage \($0)" })
        let turns = prompt.messages.dropFirst().dropLast()
        #expect(!turns.isEmpty && turns.count < 40)
        #expect(turns.map(\.text) == Self.history.suffix(turns.count).map(\.text))
        #expect(turns.first?.role == .user)
    }

    @Test func `whole documents leave room for what was found`() {
        let prompt = Self.prompt(window: 4096, pinned: 500)
        let names = prompt.passages.map(\.text)
        #expect(names.first == "pinned 0")
        #expect(names.contains("passage 0"))
        #expect(names.count { $0.hasPrefix("pinned") } > 3)
    }

    @Test func `a question that is too long keeps its beginning and its end, and no character is cut`() throws {
        let family = "👩‍👩‍👧"
        let question = "Begin " + String(repeating: family, count: 4000) + " end"
        let prompt = Self.prompt(window: 2048, question: question)
        let sent = try #require(prompt.messages.last?.text)
        #expect(sent.hasPrefix("Begin \(family)"))
        #expect(sent.hasSuffix("\(family) end"))
        #expect(sent.replacing(family, with: "") == "Begin \n\n[...]\n\n end")
    }

    @Test(arguments: [256, 1024, 8192], [nil, 64, 4096, 100_000])
    func `however large the tools are, there is room for the question and for an answer`(
        window: Int, maximumTokens: Int?
    ) throws {
        for size in [0, 1000, 100_000] {
            for runsTools in [false, true] {
                var options = GenerationOptions()
                options.maximumTokens = maximumTokens
                options.tools = [
                    ToolDefinition(name: "t", description: String(repeating: "word ", count: size), parameters: nil)
                ]
                let assembler = PromptAssembler(contextWindow: window, options: options, runsTools: runsTools)
                let prompt = assembler.prompt(
                    instruction: "Answer.", passages: [Self.passage("passage")], history: Self.history,
                    question: Message(role: .user, text: "Why?"))
                #expect(prompt.messages.last?.text == "Why?")
                #expect(assembler.reservedForAnswer >= 64)
                #expect(assembler.reservedForAnswer + assembler.reservedForTools + Self.messagesCost(prompt) <= window)
            }
        }
    }

    private static func messagesCost(_ prompt: Prompt) -> Int {
        prompt.messages.reduce(0) { $0 + TokenCounter.estimate.cost(of: $1) }
    }

    @Test func `of results that are too long together the longest are cut, and the others stay whole`() {
        let results = [10, 3000, 20, 5000, 30].enumerated().map { place, words in
            Message(
                role: .tool, text: "\(place): " + String(repeating: "word ", count: words), toolCallID: "\(place)")
        }
        let prompt = PromptAssembler(contextWindow: 4096, options: GenerationOptions()).prompt(
            instruction: "Answer.", passages: [], history: [], question: Message(role: .user, text: "Why?"),
            continuation: results)
        let sent = prompt.messages.suffix(5)
        #expect(Self.messagesCost(prompt) <= 4096)
        for place in [0, 2, 4] { #expect(sent.contains(results[place])) }
        let lengths = [1, 3].map { place in sent.first { $0.text.hasPrefix("\(place): ") }?.text.count ?? 0 }
        #expect(lengths.allSatisfy { $0 > 4000 })
        #expect(abs(lengths[0] - lengths[1]) < 50)
    }

    @Test func `pictures take room`() {
        let plain = Self.prompt(window: 4096)
        let image = MediaAttachment(name: "a", mediaType: "image/png", url: "data:image/png;base64,AAAA")
        let seen = PromptAssembler(contextWindow: 4096, options: GenerationOptions()).prompt(
            instruction: "Answer.", passages: (0..<8).map { Self.passage("passage \($0)") }, history: Self.history,
            question: Message(role: .user, text: "Why?", media: [image]))
        #expect(seen.messages.count + seen.passages.count < plain.messages.count + plain.passages.count)
    }
}
