import ArgumentParser
import DocumentParsers

/// What the server starts for each file that only code outside Swift can read.
struct ParseDocumentCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "parse-document", shouldDisplay: false)

    func run() throws { throw ExitCode(runParseDocument()) }
}

/// What the doctor and a test start to look at the sandbox of that child from inside.
struct ProbeSandboxCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "probe-sandbox", shouldDisplay: false)

    func run() throws { throw ExitCode(runProbeSandbox()) }
}
