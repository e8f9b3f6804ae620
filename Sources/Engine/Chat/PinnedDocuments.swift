import Domain
import Persistence

/// The documents that go into every prompt of a workspace, as far as there is room.
struct PinnedDocuments {
    var passages: [PromptAssembler.Passage] = []
    var sources: [Source] = []
    /// Up to which UTF-16 offset each document is in the prompt, by its id in the workspace.
    private(set) var included: [String: Int] = [:]

    /// Documents that are in the prompt to their end, by their ids in the workspace.
    private(set) var whole: Set<String> = []

    /// UTF-16 code units that a token stands for at most in ordinary text; what is behind so many is not read.
    static let lengthPerToken = 8

    /// Whether the prompt holds this chunk's text already, as a part of its document.
    func includes(_ hit: SearchHit) -> Bool {
        included[hit.chunk.docID].map { hit.chunk.chunk.range.upperBound <= $0 } ?? false
    }

    /// - Parameter room: tokens.
    mutating func add(
        _ document: WorkspaceDocument, _ beginning: TextBeginning, room: inout Int, tokens: TokenCounter
    ) throws {
        guard room > 0 else { return }
        let parsed = ParsedDocument(text: beginning.text, divisions: beginning.divisions)
        var end = 0
        var isWhole = beginning.isWhole
        let source = Source(document, text: beginning.text)
        for passage in try WholeDocument.passages(of: parsed, named: document.document.title, source: source) {
            room -= tokens.tokens(in: passage.quoted)
            guard room > 0 else {
                isWhole = false
                break
            }
            passages.append(passage)
            end = passage.end ?? end
        }
        included[document.docID] = end
        if isWhole { whole.insert(document.docID) }
        sources.append(source)
    }
}
