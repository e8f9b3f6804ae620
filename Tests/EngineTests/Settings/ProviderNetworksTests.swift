import Domain
import Testing

@testable import Engine

@Suite struct ProviderNetworksTests {
    @Test(arguments: [
        "http://169.254.169.254/v1", "http://169.254.1.1", "http://[fe80::1]:80", "http://[fd00:ec2::254]/latest",
        "http://metadata.google.internal/v1", "http://METADATA.google.internal./v1", "http://2852039166/v1",
        "http://0xa9fea9fe/v1", "http://0251.0376.0251.0376/v1", "http://169.254.43518/v1",
        "http://[::ffff:169.254.169.254]/v1", "http://[64:ff9b::a9fe:a9fe]/v1", "http://user:pass@169.254.169.254/v1",
        "http://100.100.100.200", "postgresql://u:p@169.254.169.254/db",
    ]) func `A11 nobody is sent to where clouds keep their secrets`(address: String) async throws {
        for environment in [[:], ["LECTERN_PROVIDER_NETWORKS": "public"]] {
            let networks = ProviderNetworks(SettingsSnapshot(environment: environment)) { _ in [] }
            let refusal = try #require(await networks.refusal(of: address), "\(address)")
            #expect(refusal.hasSuffix("cannot be a provider: clouds tell their machines secrets at such addresses."))
            #expect(!refusal.contains("pass"))
        }
    }

    @Test(arguments: [
        "http://127.0.0.1:8080/v1", "http://localhost:11434", "http://192.168.1.20/v1", "http://[fd12::1]/v1",
        "http://model.lan/v1", "https://api.example.org/v1", "nonsense",
    ]) func `a model at home is what most have`(address: String) async {
        let networks = ProviderNetworks(.empty) { _ in [] }
        #expect(await networks.refusal(of: address) == nil)
    }

    @Test(arguments: [
        ("http://127.0.0.1:8080/v1", false), ("http://127.1/v1", false), ("http://[::1]/v1", false),
        ("http://10.1.2.3/v1", false), ("http://100.64.0.1/v1", false), ("http://0.0.0.0:80/v1", false),
        ("http://[2002:a00:1::]/v1", false), ("http://8.8.8.8/v1", true), ("http://home.example/v1", false),
        ("http://both.example/v1", false), ("https://api.example/v1", true), ("http://unknown.example/v1", false),
    ]) func `operators allow the Internet alone`(address: String, isAllowed: Bool) async throws {
        let names = ["home.example": ["10.0.0.1"], "both.example": ["1.1.1.1", "::1"], "api.example": ["1.1.1.1"]]
        let networks = ProviderNetworks(SettingsSnapshot(environment: ["LECTERN_PROVIDER_NETWORKS": "Public"])) {
            name in
            (names[name] ?? []).compactMap { IPAddress($0) }
        }
        #expect(await (networks.refusal(of: address) == nil) == isAllowed, "\(address)")
    }

    @Test func `every setting that leads somewhere is held to it, and all or nothing applies`() async throws {
        let addresses = SettingTable.settings.filter(\.leadsSomewhere)
        #expect(addresses.count >= 20)
        for setting in addresses {
            let scheme = setting.rules.contains(.postgresURL) ? "postgresql" : "http"
            let body = sent([
                "DisableTelemetry": "true", setting.key: .text("\(scheme)://169.254.169.254:80/v1"),
            ])
            let batch = try await SettingsBatch(body, against: .empty)
            #expect(batch.failures.map(\.key) == [setting.key])
            #expect(batch.changes.isEmpty)
            #expect(batch.error?.hasPrefix("169.254.169.254 cannot be a provider") == true, "\(setting.key)")
        }
    }

    @Test func `the operators' policy holds for a request and is warned of at start`() async throws {
        let settings = SettingsSnapshot(environment: [
            "LECTERN_PROVIDER_NETWORKS": "public", "GENERIC_OPEN_AI_BASE_PATH": "http://10.0.0.1/v1",
        ])
        let batch = try await SettingsBatch(
            sent(["GenericOpenAiBasePath": "http://127.0.0.1:9/v1"]), against: settings)
        #expect(
            batch.error
                == "127.0.0.1 cannot be a provider: LECTERN_PROVIDER_NETWORKS allows addresses of the Internet alone.")
        let problems = await settings.environmentProblems()
        #expect(problems.map(\.variable) == ["GENERIC_OPEN_AI_BASE_PATH"])
    }

    @Test func `the system knows this machine`() async {
        let addresses = await resolvedAddresses(of: "localhost")
        #expect(!addresses.isEmpty)
        #expect(addresses.allSatisfy { $0.kind == .loopback })
        #expect(await resolvedAddresses(of: "name.invalid").isEmpty)
    }
}
