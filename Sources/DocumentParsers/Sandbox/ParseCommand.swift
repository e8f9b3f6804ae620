import Domain
import Foundation
import Glibc

/// The hidden subcommand `parse-document`: takes a request from the environment, confines itself, parses the file, writes the
/// reply to standard output. Returns the exit status: 0 whenever there is a reply, also one that says why there is no text.
package func runParseDocument() -> Int32 {
    guard let request = ParseRequest.fromEnvironment() else {
        FileHandle.standardError.write(Data("parse-document is run by the server, not by hand\n".utf8))
        return EX_USAGE
    }
    // Whoever asks something of the server goes before whoever waits for a file, which yet gets a quarter of a core beside
    // one that embeds; in the sandbox it is too late to say so.
    _ = nice(5)
    do {
        try Confinement.enter(
            limits: request.limits, path: request.path, mayStartProcesses: needsTools(request),
            libraries: ParserSandbox.libraries())
    } catch {
        FileHandle.standardError.write(Data("the sandbox failed at \(error.step): error \(error.code)\n".utf8))
        return EX_OSERR
    }
    Lifeline.watch()
    let reply: ParseReply
    let reports = ProgressLines()
    do {
        let documents = try DocumentDispatcher().read(
            path: request.path, fileName: request.fileName, limits: request.limits,
            address: request.address.flatMap { LinkAddress($0) }, progress: reports.write)
        reply = .documents(documents)
    } catch {
        reply = .failure(error)
    }
    return write(reply)
}

/// Writes the answer of a child to standard output.
func write(_ reply: some Encodable) -> Int32 {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .withoutEscapingSlashes
    guard let output = try? encoder.encode(reply), (try? FileHandle.standardOutput.write(contentsOf: output)) != nil
    else { return EX_IOERR }
    return EX_OK
}

/// Whether the file is one that tools read; all others are read without a second process.
private func needsTools(_ request: ParseRequest) -> Bool {
    guard let input = try? ParserInput(path: request.path, fileName: request.fileName, limits: request.limits),
        case .format(let format) = try? FormatSelection(input)
    else { return false }
    return type(of: format.parser).needsTools
}

/// Ends the child, and the tools that it started, when the server that asked is gone: killed, it cannot do so itself.
enum Lifeline {
    static func watch() {
        // Only a child that leads its own group may end the group: run by hand, that would be the terminal's.
        guard getpgrp() == getpid() else { return }
        Thread.detachNewThread {
            var byte: UInt8 = 0
            while read(STDIN_FILENO, &byte, 1) > 0 || errno == EINTR { errno = 0 }
            kill(0, SIGKILL)
        }
    }
}
