import Domain
import Testing

@testable import Engine

@Suite struct SettingTableTests {
    struct ContractRow: CustomTestStringConvertible {
        let key: String
        let variable: String
        let codes: [String]
        let reported: String
        var testDescription: String { key }
    }

    static let contract = ContractSettings.rows.split(separator: "\n").map { line in
        let cells = line.split(separator: " ").map(String.init)
        return ContractRow(
            key: cells[0], variable: cells[1],
            codes: cells[2] == "-" ? [] : cells[2].split(separator: ",").map(String.init),
            reported: cells[3])
    }

    static let emission = ContractSettings.emission.split(whereSeparator: \.isWhitespace).map { entry in
        let parts = entry.split(separator: ":").map(String.init)
        return (key: parts[0], code: parts[1])
    }

    @Test func `the table has the 204 keys of the contract and no others`() {
        #expect(Self.contract.count == 204)
        #expect(Set(SettingTable.settings.map(\.key)) == Set(Self.contract.map(\.key)))
        #expect(SettingTable.settings.count == 204)
    }

    @Test(arguments: contract) func `each key has the variable, the rules and the report of the contract`(
        _ row: ContractRow
    ) throws {
        let setting = try #require(SettingTable.setting(row.key))
        #expect(setting.variable == row.variable)
        #expect(setting.rules.map(Self.code) == row.codes)
        #expect(Self.text(setting.reportedForm) == row.reported)
    }

    @Test func `rows stand in the order in which the contract sends them`() {
        let keys = SettingTable.rows.map { row in
            switch row {
            case .setting(let setting): setting.key
            case .fact(let fact): fact.rawValue
            }
        }
        #expect(keys == Self.emission.map(\.key))
        #expect(keys.count == 220)
    }

    @Test func `the two chapters of the contract agree on secrets`() throws {
        for (key, code) in Self.emission {
            guard let setting = SettingTable.setting(key), key != "AgentSkillRerankerEnabled" else { continue }
            #expect(setting.isSecret == (code == "b" || code == "t"), "\(key)")
        }
    }

    @Test func `only the embedding model is shared by two keys`() {
        let shared = Dictionary(grouping: SettingTable.settings, by: \.variable).filter { $0.value.count > 1 }
        #expect(shared.keys.sorted() == ["EMBEDDING_MODEL_PREF"])
        #expect(shared.values.allSatisfy { $0.allSatisfy { !$0.isSecret && $0.defaultValue == nil } })
    }
}

// The contract's own codes, written down a second time on purpose.
extension SettingTableTests {
    static func code(_ rule: SettingRule) -> String {
        switch rule {
        case .nonEmpty: "NE"
        case .number: "INT"
        case .aboveZero: "NZ"
        case .tokenLimit: "AZTL"
        case .wholeNumber: "ours"
        case .url: "URL"
        case .versionedBase: "V1"
        case .baseWithoutSlash: "OLL"
        case .noTrailingSlash: "CHR"
        case .reachableFromContainer: "DOCK"
        case .openAIKey: "SK"
        case .anthropicKey: "SKA"
        case .postgresURL: "PG"
        case .never: "FORCE"
        case .password: "PW"
        case .oneOf(let choice): code(choice)
        }
    }

    /// Told apart by a value that only one list has.
    static func code(_ choice: SettingChoice) -> String {
        let marks = [
            "reasoning": "MT", "5m": "CC", "BLOCK_NONE": "GS", "koboldcpp": "LLM", "voyageai": "EMB", "chroma": "VDB",
            "local": "TR", "Xenova/whisper-small": "WH", "elevenlabs": "TTS", "deepgram": "STT",
        ]
        let codes = Set(choice.values.compactMap { marks[$0] })
        return codes.first ?? (choice.values == ["openai", "ollama", "lemonade", "openrouter"] ? "IMG" : "?")
    }

    static func text(_ form: Setting.ReportedForm) -> String {
        switch form {
        case .presence, .trueUnlessFalse: "bool"
        case .presenceOrNull: "true/null"
        case .text, .textElseVariable, .embeddingModel: "str?"
        case .textOrNull: "str/null"
        case .textElse(let text): "str=\"\(text)\""
        case .textElseNumber(let number): "str,elsenum\(number)"
        case .number(let number): "num,\(number)"
        }
    }
}
