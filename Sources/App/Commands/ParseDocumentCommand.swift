import ArgumentParser
import DocumentParsers

/// What the server starts for each file that only code outside Swift can read.
struct ParseDocumentCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "parse-document", shouldDisplay: false)

    func run() throws { throw ExitCode(runParseDocument()) }
}
