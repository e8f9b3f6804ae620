import Domain

/// Orders the candidates of one question: first by shared words, then, for the best of them, by meaning too.
struct ExtractiveRanking: Sendable {
    /// Sentences that are embedded; each costs about 4 ms of one core with all-MiniLM-L6-v2.
    static let maximumEmbedded = 24
    static let maximumQuotations = 4
    /// Items quoted of a list that a sentence announces.
    static let maximumListItems = 4
    /// Characters of all quotations together, but for the first.
    static let maximumLength = 1200

    /// A candidate and how much of the question's words it holds, 0...1.
    struct Ranked: Sendable {
        var candidate: ExtractiveCandidate
        var lexical: Double
    }

    private let question: Set<String>
    private let kind: QuestionKind
    private let passageCount: Int
    private let ranked: [Ranked]
    private let model: EmbeddingModel

    /// - Parameter model: that the embeddings will be of.
    init(question: String, candidates: [ExtractiveCandidate], model: EmbeddingModel) {
        self.model = model
        self.question = Self.words(of: question)
        kind = QuestionKind(question)
        passageCount = (candidates.map(\.passage).max() ?? 0) + 1
        let scores = LexicalScore(question: question, documents: candidates.map { ($0.unit.text, $0.context) }).scores
        ranked = zip(candidates, scores).map { Ranked(candidate: $0, lexical: $1) }
    }

    /// The candidates worth embedding, in reading order: those with the best words, and of the best passages.
    var shortlist: [Ranked] {
        let promising = ranked.enumerated().filter {
            $0.element.candidate.unit.kind != .heading && !repeatsQuestion($0.element.candidate)
        }
        let best = promising.sorted { first, second in
            let scores = (first.element.lexical + bonus(first.element), second.element.lexical + bonus(second.element))
            return scores.0 == scores.1 ? first.offset < second.offset : scores.0 > scores.1
        }
        return best.prefix(Self.maximumEmbedded).sorted { $0.offset < $1.offset }.map(\.element)
    }

    private static func words(of text: String) -> Set<String> {
        Set(text.caseFolded.split { !$0.isLetter && !$0.isNumber }.map(String.init))
    }

    /// A list of questions, or of contents, asks and does not answer.
    private func repeatsQuestion(_ candidate: ExtractiveCandidate) -> Bool {
        let words = Self.words(of: candidate.unit.text)
        let common = words.intersection(question).count
        return candidate.unit.text.hasSuffix("?") && common * 10 >= 7 * max(words.count, question.count)
    }

    /// The quotations that answer, the best one first and the others in reading order, documents in the order of their best passage;
    /// none where nothing is relevant. `embeddings` belong to `shortlist`, one by one.
    func best(of shortlist: [Ranked], embeddings: [Embedding], question: Embedding) -> [ExtractiveCandidate] {
        let scores = scores(of: shortlist, similarities: embeddings.map { similarity($0, question) })
        guard let highest = scores.values.max() else { return [] }
        var open = scores.filter { $0.value >= highest * Self.worthQuoting }
        var chosen: [Int] = []
        var length = 0
        while chosen.count < Self.maximumQuotations {
            let likeness = { (index: Int) in
                chosen.map { similarity(embeddings[index], embeddings[$0]) }.max() ?? 0
            }
            open = open.filter { likeness($0.key) <= Self.redundant }
            // Maximal marginal relevance: what is like something chosen has to be better by as much.
            let gains = open.map { (index: $0.key, gain: $0.value - Self.diversity * likeness($0.key)) }
            guard let next = gains.max(by: { ($0.gain, $1.index) < ($1.gain, $0.index) })?.index else { break }
            open[next] = nil
            let nextLength = shortlist[next].candidate.unit.text.count
            if !chosen.isEmpty, length + nextLength > Self.maximumLength { continue }
            chosen.append(next)
            length += nextLength
        }
        let order = chosen.prefix(1) + chosen.dropFirst().sorted()
        return withContext(order.map { shortlist[$0].candidate })
    }

    /// Of those that are relevant at all, by index.
    private func scores(of shortlist: [Ranked], similarities: [Double]) -> [Int: Double] {
        var scores: [Int: Double] = [:]
        for (index, (entry, similarity)) in zip(shortlist, similarities).enumerated() {
            let sharesWords =
                entry.lexical >= Self.relevantLexical && similarity >= Self.relevantSimilarity / 2
            guard similarity >= Self.relevantSimilarity || sharesWords else { continue }
            scores[index] =
                Self.meaningWeight * similarity + (1 - Self.meaningWeight) * entry.lexical + bonus(entry)
        }
        return scores
    }

    /// Adds what belongs to a quotation: the command or the list that it announces, what explains a term, and to the first one the
    /// sentences that it leans on or that go on from it.
    private func withContext(_ quotations: [ExtractiveCandidate]) -> [ExtractiveCandidate] {
        var result: [ExtractiveCandidate] = []
        for (place, quotation) in quotations.enumerated() where !result.contains(where: { $0.includes(quotation) }) {
            let widened = place == 0 ? widened(quotation) : quotation
            result.append(widened)
            result += announced(by: quotation).filter { candidate in !result.contains { $0.includes(candidate) } }
        }
        return result
    }

    private func announced(by quotation: ExtractiveCandidate) -> [ExtractiveCandidate] {
        let isTerm = quotation.unit.isTerm
        guard isTerm || quotation.unit.text.hasSuffix(":"), let first = neighbor(of: quotation, at: 1) else {
            return []
        }
        if isTerm { return first.unit.kind == .sentence ? [first] : [] }
        let count = first.unit.kind == .listItem ? Self.maximumListItems : 1
        var announced = [first]
        while announced.count < count, let next = neighbor(of: announced[announced.count - 1], at: 1),
            next.unit.kind == first.unit.kind
        { announced.append(next) }
        return announced
    }

    /// A sentence with the one before it in its paragraph where it leans on that, and with the one behind it where both are short.
    private func widened(_ quotation: ExtractiveCandidate) -> ExtractiveCandidate {
        guard quotation.unit.kind == .sentence, !quotation.unit.text.hasSuffix(":") else { return quotation }
        var widened = quotation
        if quotation.unit.leansBack, quotation.unit.isContinuation, let before = neighbor(of: quotation, at: -1),
            before.unit.text.count + widened.unit.text.count <= Self.longestWidened
        {
            widened.unit.text = before.unit.text + " " + widened.unit.text
            widened.isCutAtStart = before.isCutAtStart
            widened.places = before.place...quotation.place
        }
        if let next = neighbor(of: quotation, at: 1), next.unit.isContinuation,
            next.unit.text.count + widened.unit.text.count <= Self.longestWidened
        {
            widened.unit.text += " " + next.unit.text
            widened.isCutAtEnd = next.isCutAtEnd
            widened.places = widened.places.lowerBound...next.place
        }
        return widened
    }

    /// Characters of the first quotation with the sentences around it.
    private static let longestWidened = 320

    private func neighbor(of candidate: ExtractiveCandidate, at distance: Int) -> ExtractiveCandidate? {
        ranked.first {
            $0.candidate.passage == candidate.passage && $0.candidate.place == candidate.place + distance
                && $0.candidate.unit.kind != .heading
        }?.candidate
    }

    /// Measured on questions about manuals, licences and reports with all-MiniLM-L6-v2: answers lie above 0.4, sentences
    /// about something else below 0.25. Models whose similarities are all high leave the decision to the retriever.
    private static let relevantSimilarity = 0.32
    private static let relevantLexical = 0.5
    private static let meaningWeight = 0.65
    private static let worthQuoting = 0.75
    private static let redundant = 0.88
    private static let diversity = 0.25

    /// What speaks for a candidate besides words and meaning.
    private func bonus(_ entry: Ranked) -> Double {
        let candidate = entry.candidate
        var bonus = 0.1 * (1 - Double(candidate.passage) / Double(passageCount))
        let isOfKind = kind.isMet(by: candidate.unit.text)
        if isOfKind { bonus += 0.08 }
        // A command does something; what it does, or when, is said beside it.
        if candidate.unit.kind == .code { bonus -= 0.08 }
        if candidate.isCutAtStart || candidate.isCutAtEnd { bonus -= 0.04 }
        if candidate.unit.text.hasSuffix("?") { bonus -= 0.12 }
        // In bytes, as a sentence of ten Han characters is a whole one. A date alone says when.
        if candidate.unit.text.utf8.count < 30, !isOfKind {
            bonus -= candidate.unit.kind == .sentence ? 0.15 : candidate.unit.kind == .listItem ? 0.08 : 0
        }
        return bonus
    }

    private func similarity(_ first: Embedding, _ second: Embedding) -> Double {
        // Embeddings have length 1.
        model.similarity(ofCosine: Double(zip(first.values, second.values).reduce(Float(0)) { $0 + $1.0 * $1.1 }))
    }
}
