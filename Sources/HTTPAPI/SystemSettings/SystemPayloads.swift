import Domain
import Engine
import OrderedJSON

/// The answer to `GET /v1/system`.
enum SystemReport {
    static func json(_ snapshot: SettingsSnapshot, _ facts: StoredFacts) -> JSON {
        let settings = snapshot.report(facts).map { (key: $0.key, value: $0.value.json) }
        let sources = snapshot.sources().map { (key: $0.key, value: JSON.string($0.source.rawValue)) }
        return [
            "settings": .object(JSONObject(members: settings)), "sources": .object(JSONObject(members: sources)),
        ]
    }
}

extension ReportedSetting.Value {
    var json: JSON {
        switch self {
        case .scalar(let scalar): JSON(scalar)
        case .null: .null
        }
    }
}

extension OfferedModel {
    var json: JSON {
        ["id": .string(id), "name": .string(name ?? id), "contextWindow": JSON(contextWindow)]
    }
}

extension JSONObject {
    /// The body of `update-env`.
    var sentSettings: [SentSetting] {
        members.map { member in
            switch member.value {
            case .null: SentSetting(member.key, .null)
            case .string(let text): SentSetting(member.key, .text(text))
            case .bool, .integer, .number: SentSetting(member.key, .text(member.value.text))
            case .array, .object: SentSetting(member.key, .composite)
            }
        }
    }
}

extension SettingsEditor.Outcome {
    /// The answer to `update-env`.
    var json: JSON {
        [
            "newValues": .object(JSONObject(members: batch.newValues.map { (key: $0.key, value: JSON($0.value)) })),
            "error": JSON(batch.error),
            "failedKeys": .array(batch.failures.map { .string($0.key) }),
            "warnings": .array(warnings.map(JSON.string)),
            "unknownKeys": .array(batch.unknownKeys.map(JSON.string)),
            "reembedding": .bool(reembeds),
        ]
    }
}
