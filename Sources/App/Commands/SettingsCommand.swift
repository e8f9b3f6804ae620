import ArgumentParser
import Engine

/// Prints what docs/configuration.md holds.
struct SettingsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "settings", abstract: "Print every setting with its variable, rule and default, as Markdown.")

    func run() { print(ConfigurationGuide.markdown(), terminator: "") }
}
