import Domain

/// The tools that a model is offered with a question: those of the workspace, and those that operators have configured besides.
struct ChatTools: Sendable {
    let documents: DocumentTools
    private let server: (any ToolServer)?
    /// Those of the server, by name.
    private let offered: [String: OfferedTool]
    /// What a model is told of all of them.
    let definitions: [ToolDefinition]
    /// Why some are missing, for people.
    let problems: [String]

    /// - Parameters:
    ///   - server: `nil` where there is none, or its tools are not for whoever asks.
    ///   - window: tokens of the model, of which the descriptions of tools may take a part.
    init(_ documents: DocumentTools, server: (any ToolServer)?, window: Int) async {
        self.documents = documents
        self.server = server
        let offer = await server?.offer() ?? ToolOffer()
        var (problems, kept) = (offer.problems, [OfferedTool]())
        var room = window / Self.partOfWindow
        for tool in offer.tools where DocumentTools.Name(rawValue: tool.definition.name) == nil {
            room -= documents.tokens.cost(of: [tool.definition])
            guard room >= 0 else { break }
            kept.append(tool)
        }
        if kept.count < offer.tools.count {
            problems.append(
                "The model's window has room for \(kept.count) of \(offer.tools.count) tools; the others were not offered."
            )
        }
        self.problems = problems
        offered = Dictionary(kept.map { ($0.definition.name, $0) }) { first, _ in first }
        definitions = DocumentTools.definitions + kept.map(\.definition)
    }

    /// A quarter of it is what descriptions may take.
    private static let partOfWindow = 4

    /// Runs one call, see `DocumentTools.run`.
    func run(
        _ call: ToolCall, room: Int, number: (Source) -> Int, note: (String) async throws -> Void
    ) async throws -> DocumentTools.Outcome {
        guard let server, offered[call.name] != nil else {
            return try await documents.run(call, room: room, number: number, note: note)
        }
        let result = try await server.call(call)
        return DocumentTools.Outcome(
            text: result.isError ? "Error: \(result.text)" : result.text, isError: result.isError)
    }

    /// What is being done, for people.
    func thought(about call: ToolCall) -> String {
        offered[call.name].map { "Using \($0.title) of \($0.server)." } ?? DocumentTools.thought(about: call)
    }
}
