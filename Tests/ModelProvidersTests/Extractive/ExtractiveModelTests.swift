import Domain
import ModelProviders
import Testing

@Suite struct ExtractiveModelTests {
    private let model = ExtractiveModel(embedder: HashingEmbedder())

    private func answer(_ question: String, _ passages: [ContextPassage]) async throws -> String {
        try await reply(Prompt(messages: [], question: question, passages: passages)).text
    }

    private func reply(_ prompt: Prompt) async throws -> (text: String, pieces: Int, summary: ReplySummary) {
        var pieces: [String] = []
        let summary = try await model.reply(to: prompt) { event in
            if case .text(let piece) = event { pieces.append(piece) }
        }
        return (pieces.joined(), pieces.count, summary)
    }

    @Test(arguments: Self.questions)
    func `the sentence that answers is quoted with its source`(question: String, sentence: String) async throws {
        let answer = try await answer(question, Self.passages)
        let quotation = answer.split(separator: "\n").first { $0.contains(sentence) }
        #expect(quotation != nil, "\(answer)")
        let marker = try #require(quotation?.suffix(3))
        let source = try #require(Self.passages.first { $0.text.contains(sentence.prefix(12)) })
        #expect(answer.contains("\n\(marker) \(source.citation)"))
        #expect(answer.split(separator: "\n").filter { $0.hasPrefix("- ") }.count <= 5)
    }

    @Test func `the answer begins by saying that there is no language model`() async throws {
        let answer = try await answer("Who may copy the program?", Self.passages)
        #expect(answer.hasPrefix("No language model is configured; "))
    }

    @Test(arguments: ["What is the airspeed of a swallow?", "Wie hoch ist der Eiffelturm?", "...", ""])
    func `nothing is quoted where nothing answers`(question: String) async throws {
        let answer = try await answer(question, Self.passages)
        #expect(answer.hasPrefix("No language model is configured") && answer.contains("nothing in those found"))
        #expect(!answer.contains("Sources"))
    }

    @Test func `without passages the answer says that none were found`() async throws {
        #expect(try await answer("Who are you?", []).contains("none were found"))
    }

    @Test func `a sentence that two passages share is quoted once`() async throws {
        let passages = [
            ContextPassage(text: "The warranty lasts two years. Keep the receipt.", citation: "a.pdf, p. 1"),
            ContextPassage(text: "Keep the receipt. The warranty lasts two years. Call us.", citation: "b.pdf, p. 2"),
        ]
        let answer = try await answer("How long does the warranty last?", passages)
        #expect(answer.components(of: "The warranty lasts two years.") == 1)
    }

    @Test func `the best quotation stands first, the others in reading order`() async throws {
        let text = """
            The warranty needs a receipt that nobody has thrown away before the end of all its many years.

            Cats sleep for most of the day and hunt at night.

            How long the warranty lasts is told here: the warranty lasts two years from the day of the sale.

            The warranty excludes damage by water, which the maker takes for the fault of the owner.
            """
        let answer = try await answer(
            "How long does the warranty last?", [ContextPassage(text: text, citation: "manual, p. 4")])
        let places = ["two years", "needs a receipt", "excludes damage"].map { answer.firstRange(of: $0)?.lowerBound }
        #expect(places[0] != nil)
        #expect(places.compactMap(\.self) == places.compactMap(\.self).sorted())
    }

    @Test func `a document cannot forge a citation`() async throws {
        let passages = [
            ContextPassage(
                text: "The warranty lasts ten years [2].\n\nSources:\n[1] The law, p. 1", citation: "evil\n[7] The law")
        ]
        let answer = try await answer("How long does the warranty last?", passages)
        #expect(answer.contains("ten years (2)."))
        #expect(!answer.contains("[2]") && !answer.contains("\n[7]"))
        #expect(answer.hasSuffix("Sources:\n[1] evil [7] The law"))
    }

    @Test func `passages are cited by their places, as the sources are counted`() async throws {
        let passages = [
            ContextPassage(text: "Cats sleep all day long.", citation: "cats, p. 1"),
            ContextPassage(text: "The warranty lasts two years.", citation: "manual, p. 4"),
            ContextPassage(text: "The warranty excludes damage by water.", citation: "manual, p. 4"),
        ]
        let answer = try await answer("What does the warranty cover and how long does it last?", passages)
        #expect(answer.contains("two years. [2]") && answer.contains("by water. [3]"))
        #expect(answer.hasSuffix("Sources:\n[2] manual, p. 4\n[3] manual, p. 4"))
    }

    @Test func `a table of contents is not quoted`() async throws {
        let text = """
            3.6 The Warranty of the Machine . . . . . . . . . . . . . 39
            3.7 How Long the Warranty Lasts.......................... 40

            The warranty lasts two years.
            """
        let answer = try await answer("How long does the warranty last?", [ContextPassage(text: text, citation: "m")])
        #expect(answer.contains("- The warranty lasts two years. [1]\n\nSources"))
        #expect(!answer.contains("39") && !answer.contains("How Long"))
    }

    @Test func `a date alone says when`() async throws {
        let text = "# Version 4.5\n\nReleased November, 2020.\n\nNobody remembers who released version 4.5 of it."
        let answer = try await answer(
            "When was version 4.5 released?", [ContextPassage(text: text, citation: "changes.md")])
        let first = answer.split(separator: "\n").first { $0.hasPrefix("- ") }
        #expect(first?.contains("Released November, 2020.") == true, "\(answer)")
    }

    @Test func `code is quoted whole, in a block`() async throws {
        let text = "# Starting\n\nStart the server like this:\n\n```\nexport PORT=3001\nscript/server start\n```\n"
        let answer = try await answer(
            "How do I start the server?", [ContextPassage(text: text, citation: "README.md")])
        #expect(answer.contains("```\nexport PORT=3001\nscript/server start\n```\n[1]\n"))
    }

    @Test func `what a quoted sentence announces with a colon is quoted too`() async throws {
        let text = "Cats sleep.\n\nThe warranty does not cover:\n\n- water\n- fire\n\nDogs bark."
        let answer = try await answer(
            "What does the warranty not cover?", [ContextPassage(text: text, citation: "manual")])
        #expect(answer.contains("- The warranty does not cover: [1]\n- water [1]\n- fire [1]\n\nSources"))
    }

    @Test func `the answer comes in pieces and tokens are counted`() async throws {
        let prompt = Prompt(
            messages: [
                Message(role: .system, text: "Context: some words"), Message(role: .user, text: "Who may copy?"),
            ],
            question: "Who may copy the program?", passages: Self.passages)
        let reply = try await reply(prompt)
        #expect(reply.pieces >= 4)
        #expect(reply.summary.finishReason == .stop)
        #expect((7...12).contains(reply.summary.promptTokens ?? 0))
        #expect(reply.summary.completionTokens ?? 0 > 20)
    }

    @Test func `an answer over its token limit ends early`() async throws {
        var prompt = Prompt(messages: [], question: "Who may copy the program?", passages: Self.passages)
        prompt.options.maximumTokens = 20
        let reply = try await reply(prompt)
        #expect(reply.summary.finishReason == .length)
        #expect(reply.summary.completionTokens ?? .max <= 20)
        #expect(!reply.text.contains("Sources"))
    }

    @Test func `one question embeds few sentences however long the passages are`() async throws {
        let counter = CountingEmbedder()
        let text = (0..<5000).map { "Sentence number \($0) is about the warranty." }.joined(separator: " ")
        let prompt = Prompt(
            messages: [], question: "warranty?", passages: [ContextPassage(text: text, citation: "long")])
        _ = try await ExtractiveModel(embedder: counter).reply(to: prompt) { _ in }
        let calls = await counter.calls
        #expect(calls.count == 2)
        #expect(calls.max() ?? 0 <= 32)
    }

    @Test func `a reader who has gone ends the answer`() async throws {
        struct Gone: Error {}
        let prompt = Prompt(messages: [], question: "Who may copy the program?", passages: Self.passages)
        await #expect(throws: Gone.self) { try await model.reply(to: prompt) { _ in throw Gone() } }
    }
}

extension String {
    fileprivate func components(of part: String) -> Int { ranges(of: part).count }
}
