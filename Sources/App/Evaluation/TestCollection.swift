import Foundation
import OrderedJSON

/// Documents, questions and which documents answer them, in the layout of the BEIR collections: `corpus.jsonl`, `queries.jsonl`
/// and `qrels/*.tsv` in one folder.
struct TestCollection: Sendable {
    struct Document: Sendable, Equatable {
        let id: String
        let title: String
        let text: String
    }

    struct Question: Sendable, Equatable {
        let id: String
        let text: String
        /// Gains by the id of the document.
        let judgements: [String: Double]
    }

    let name: String
    let documents: [Document]
    /// Those that have a judgement.
    let questions: [Question]

    struct Flaw: Error, CustomStringConvertible {
        let description: String

        init(_ description: String) { self.description = description }
    }

    /// - Parameter folder: its path.
    init(folder: String) throws(Flaw) {
        let url = URL(fileURLWithPath: folder, isDirectory: true)
        name = url.standardizedFileURL.lastPathComponent
        documents = try Self.entries(url.appendingPathComponent("corpus.jsonl")) { entry in
            guard let id = entry.id, let text = entry["text"]?.stringValue else { return nil }
            return Document(id: id, title: entry["title"]?.stringValue ?? "", text: text)
        }
        let judgements = try Self.judgements(url.appendingPathComponent("qrels", isDirectory: true))
        questions = try Self.entries(url.appendingPathComponent("queries.jsonl")) { entry in
            guard let id = entry.id, let text = entry["text"]?.stringValue else { return nil }
            return Question(id: id, text: text, judgements: judgements[id] ?? [:])
        }.filter { $0.judgements.values.contains { $0 > 0 } }
        guard !questions.isEmpty else { throw Flaw("No question of queries.jsonl has a relevant document in qrels.") }
    }

    private static func text(_ file: URL) throws(Flaw) -> String {
        do { return try String(contentsOf: file, encoding: .utf8) } catch {
            throw Flaw("\(file.lastPathComponent) cannot be read as UTF-8.")
        }
    }

    private static func entries<Value>(_ file: URL, _ read: (JSON) -> Value?) throws(Flaw) -> [Value] {
        var values: [Value] = []
        for (number, line) in try text(file).split(separator: "\n", omittingEmptySubsequences: false).enumerated()
        where !line.allSatisfy(\.isWhitespace) {
            guard let entry = try? JSON(parsing: Array(line.utf8)), let value = read(entry) else {
                throw Flaw("Line \(number + 1) of \(file.lastPathComponent) is no object with _id and text.")
            }
            values.append(value)
        }
        return values
    }

    /// By question and document: three columns with tabs, and a line of names before them.
    private static func judgements(_ folder: URL) throws(Flaw) -> [String: [String: Double]] {
        let files = ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []).sorted()
            .filter { $0.hasSuffix(".tsv") }
        guard !files.isEmpty else { throw Flaw("There is no qrels/*.tsv.") }
        var judgements: [String: [String: Double]] = [:]
        for name in files {
            let lines = try text(folder.appendingPathComponent(name)).split(whereSeparator: \.isNewline)
            for (number, line) in lines.enumerated() {
                let cells = line.split(separator: "\t", omittingEmptySubsequences: false)
                guard cells.count == 3, let gain = Double(cells[2]) else {
                    if number == 0 { continue }
                    throw Flaw("Line \(number + 1) of qrels/\(name) is not question, document and number.")
                }
                judgements[String(cells[0]), default: [:]][String(cells[1])] = gain
            }
        }
        return judgements
    }
}

extension JSON {
    /// Ids are texts or numbers.
    fileprivate var id: String? {
        switch self["_id"] {
        case .string(let id)?: id
        case .integer(let id)?: String(id)
        default: nil
        }
    }
}
