import ArgumentParser
import Domain

@main
struct Lectern: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "lectern",
        abstract: "A private knowledge server: put documents in, ask questions, get answers with sources.",
        discussion: """
            Settings come from the environment, from a file .env in the working directory, and from the API, which \
            wins. docs/configuration.md lists them.
            """,
        version: ProductVersion.text,
        subcommands: [
            ServeCommand.self, UseCommand.self, IngestCommand.self, EvalCommand.self, KeyCommand.self, MCPCommand.self,
            DoctorCommand.self, SettingsCommand.self,
            ParseDocumentCommand.self, DecodeRecordingCommand.self, RunBrowserCommand.self, ProbeSandboxCommand.self,
        ],
        defaultSubcommand: ServeCommand.self)
}
