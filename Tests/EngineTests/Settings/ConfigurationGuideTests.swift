import Foundation
import Testing

@testable import Engine

@Suite struct ConfigurationGuideTests {
    @Test func `docs/configuration.md is what the table renders`() throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../..")
        let written = try String(contentsOf: root.appending(path: "docs/configuration.md"), encoding: .utf8)
        #expect(written == ConfigurationGuide.markdown())
    }

    @Test func `every key and every variable is in it`() {
        let guide = ConfigurationGuide.markdown()
        for setting in SettingTable.settings {
            #expect(guide.contains("| `\(setting.key)` | `\(setting.variable)` |"))
        }
        for variable in EnvironmentVariable.all { #expect(guide.contains("| `\(variable.name)` |")) }
    }
}
