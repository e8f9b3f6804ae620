import Domain
import Testing

@testable import Engine

/// A24: no secret in any answer or log line.
@Suite struct SettingsSecrecyTests {
    static let secrets = SettingTable.settings.filter(\.isSecret)

    /// A value that passes the rules of every secret setting and occurs nowhere else.
    static func secretValue(_ setting: Setting) -> String {
        let core = "sk-ant-canary-\(setting.key)"
        return setting.rules.contains(.postgresURL) ? "postgresql://u:\(core)@host/db" : core
    }

    @Test func `no secret is in the report, wherever it comes from`() {
        let values = Dictionary(uniqueKeysWithValues: Self.secrets.map { ($0.variable, Self.secretValue($0)) })
        for snapshot in [
            SettingsSnapshot(environment: values), SettingsSnapshot(environment: [:], stored: values),
        ] {
            let report = snapshot.report(StoredFacts()).text + "\(snapshot.sources())"
            #expect(!report.contains("canary"))
            #expect(!"\(snapshot) \(String(reflecting: snapshot))".contains("canary"))
            var dumped = ""
            dump(snapshot, to: &dumped)
            #expect(!dumped.contains("canary"))
        }
    }

    @Test(arguments: secrets.filter(\.isSettable).map(\.key))
    func `a secret is masked in the answer, and sealed at rest`(
        _ key: String
    ) async throws {
        let setting = try #require(SettingTable.setting(key))
        let batch = try await SettingsBatch(sent([key: .text(Self.secretValue(setting))]), against: .empty)
        let change = try #require(batch.changes.first)
        #expect(batch.newValues == applied([key: "********"]))
        #expect(change.isSecret)
        var dumped = "\(change) \(String(reflecting: change))"
        dump(change, to: &dumped)
        #expect(!dumped.contains("canary"))
        let box = try SecretBox(TemporaryDirectory().secretKey())
        #expect(!"\(try box.seal([change]))".contains("canary"))
    }

    @Test(arguments: secrets.map(\.key)) func `a secret that is refused is not repeated`(_ key: String) async throws {
        let refused = try await SettingsBatch(sent([key: "canary\n"]), against: .empty)
        let error = try #require(refused.error)
        #expect(!error.contains("canary"))
    }

    @Test func `no password inside an address is reported or echoed`() async throws {
        let address = "https://user:canary@host/v1"
        for setting in SettingTable.settings where setting.isSettable {
            let snapshot = SettingsSnapshot(
                environment: ["EMBEDDING_ENGINE": "ollama"], stored: [setting.variable: address])
            #expect(!snapshot.report(StoredFacts()).text.contains("canary"), "\(setting.key)")
            let batch = try await SettingsBatch(sent([setting.key: .text(address)]), against: .empty)
            #expect(!"\(batch.newValues)".contains("canary"), "\(setting.key)")
            #expect(batch.changes.allSatisfy { $0.isSecret }, "\(setting.key)")
        }
    }
}
