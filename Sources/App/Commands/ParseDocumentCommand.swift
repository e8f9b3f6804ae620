import ArgumentParser
import DocumentParsers
import LinkFetching

/// What the server starts for each file that only code outside Swift can read.
struct ParseDocumentCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "parse-document", shouldDisplay: false)

    func run() throws { throw ExitCode(runParseDocument()) }
}

/// What the server starts for each recording whose sound it needs.
struct DecodeRecordingCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "decode-recording", shouldDisplay: false)

    func run() throws { throw ExitCode(runDecodeRecording()) }
}

/// What the server starts for each page that is rendered.
struct RunBrowserCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "run-browser", shouldDisplay: false)

    func run() throws { throw ExitCode(runBrowser()) }
}

/// What the doctor and a test start to look at the sandbox of that child from inside.
struct ProbeSandboxCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "probe-sandbox", shouldDisplay: false)

    func run() throws { throw ExitCode(runProbeSandbox()) }
}
