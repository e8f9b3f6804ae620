/// The special tokens around a text and around two texts: `TemplateProcessing`, `BertProcessing` and `RobertaProcessing` of
/// the `tokenizers` package.
struct SpecialTokenTemplate: Sendable {
    struct Single: Sendable {
        var before: [Int32] = []
        var after: [Int32] = []
    }

    struct Pair: Sendable {
        var before: [Int32] = []
        var between: [Int32] = []
        var after: [Int32] = []
        /// Whether the second text and what is behind it are of token type 1.
        var hasTypes = false

        var count: Int { before.count + between.count + after.count }
    }

    let single: Single
    /// `nil` where the template for pairs is of a kind that is not known; texts alone do not need it.
    let pair: Pair?

    /// All special tokens there are.
    var ids: [Int32] {
        single.before + single.after + (pair.map { $0.before + $0.between + $0.after } ?? [])
    }

    /// `nil` puts nothing around texts.
    init(_ entry: PostProcessorEntry?) throws(BERTError) {
        guard let entry else {
            single = Single()
            pair = Pair(hasTypes: true)
            return
        }
        switch entry.type {
        case "BertProcessing", "RobertaProcessing":
            guard let first = entry.cls?.id, let last = entry.sep?.id else {
                throw .damaged(file: TokenizerFile.file, reason: "its \(entry.type) lacks a token")
            }
            let isRoberta = entry.type == "RobertaProcessing"
            single = Single(before: [first], after: [last])
            pair = Pair(
                before: [first], between: isRoberta ? [last, last] : [last], after: [last], hasTypes: !isRoberta)
        case "TemplateProcessing":
            let parts = try Self.parts(entry.single ?? [], entry)
            guard parts.count == 2, parts.allSatisfy({ $0.types.isSubset(of: [0]) && $0.ids.count <= 1 }) else {
                throw .unsupported("its template is not that of a BERT")
            }
            single = Single(before: parts[0].ids, after: parts[1].ids)
            pair = try Self.pair(Self.parts(entry.pair ?? [], entry))
        default: throw .unsupported("its post-processor is \(entry.type)")
        }
    }

    /// Special tokens between two texts, and the types of these and of the text before them.
    private struct Part {
        var ids: [Int32] = []
        var types: Set<Int> = []
    }

    /// What is before the first text, behind it, and so on; the text itself counts with what follows it.
    private static func parts(
        _ pieces: [PostProcessorEntry.Piece], _ entry: PostProcessorEntry
    ) throws(BERTError) -> [Part] {
        var parts = [Part()]
        for piece in pieces {
            if let text = piece.Sequence {
                parts.append(Part(types: [text.type_id]))
                guard text.id == (parts.count == 2 ? "A" : "B") else { return [] }
            } else if let special = piece.SpecialToken {
                guard let ids = entry.special_tokens?[special.id]?.ids else {
                    throw .damaged(file: TokenizerFile.file, reason: "its template names an unknown token")
                }
                parts[parts.count - 1].ids += ids
                parts[parts.count - 1].types.insert(special.type_id)
            }
        }
        return parts
    }

    private static func pair(_ parts: [Part]) -> Pair? {
        guard parts.count == 3, parts[0].types.isSubset(of: [0]), parts[1].types == [0] else { return nil }
        guard parts[2].types == [0] || parts[2].types == [1] else { return nil }
        return Pair(
            before: parts[0].ids, between: parts[1].ids, after: parts[2].ids, hasTypes: parts[2].types == [1])
    }
}
