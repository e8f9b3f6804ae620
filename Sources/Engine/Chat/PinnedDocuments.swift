import Domain
import Persistence

/// The documents that go into every prompt of a workspace, as far as there is room.
struct PinnedDocuments {
    var passages: [PromptAssembler.Passage] = []
    var sources: [JSONObject] = []
    /// Up to which UTF-16 offset each document is in the prompt, by its id in the workspace.
    private(set) var included: [String: Int] = [:]

    /// Bytes of UTF-8 that a token stands for at most in ordinary text; a longer text is not read.
    private static let bytesPerToken = 8

    /// Whether the prompt holds this chunk's text already, as a part of its document.
    func includes(_ hit: SearchHit) -> Bool {
        included[hit.chunk.docID].map { hit.chunk.chunk.range.upperBound <= $0 } ?? false
    }

    /// - Parameter room: tokens.
    mutating func add(_ document: WorkspaceDocument, _ content: Content, room: inout Int) throws {
        guard room > 0 else { return }
        let name = document.document.title
        var end = 0
        for passage in try WholeDocument.passages(of: content.parsed, named: name) {
            room -= TokenEstimate.tokens(in: passage.quoted)
            guard room > 0 else { break }
            passages.append(passage)
            end = passage.end ?? end
        }
        included[document.docID] = end
        sources.append(SourceList.source(of: document, text: content.parsed.text))
    }
}
