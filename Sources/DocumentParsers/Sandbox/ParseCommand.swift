import Domain
import Foundation
import Glibc

/// The hidden subcommand `parse-document`: takes a request from the environment, parses the file, writes the reply to
/// standard output. Returns the exit status: 0 whenever there is a reply, also one that says why there is no text.
package func runParseDocument() -> Int32 {
    ParentWatch.start()
    let input = ProcessInfo.processInfo.environment[ParseRequest.environmentKey] ?? ""
    guard let request = try? JSONDecoder().decode(ParseRequest.self, from: Data(input.utf8)) else {
        FileHandle.standardError.write(Data("parse-document is run by the server, not by hand\n".utf8))
        return EX_USAGE
    }
    let reply: ParseReply
    do {
        let documents = try DocumentDispatcher().read(
            path: request.path, fileName: request.fileName, limits: request.limits)
        reply = .documents(documents)
    } catch {
        reply = .failure(error)
    }
    let encoder = JSONEncoder()
    encoder.outputFormatting = .withoutEscapingSlashes
    guard let output = try? encoder.encode(reply), (try? FileHandle.standardOutput.write(contentsOf: output)) != nil
    else { return EX_IOERR }
    return EX_OK
}

/// Ends the child, and the tools that it started, when the server that asked is gone: killed, it cannot do so itself.
private enum ParentWatch {
    private static let interval: UInt32 = 500_000

    static func start() {
        let parent = getppid()
        // Only a child that leads its own group may end the group: run by hand, that would be the terminal's.
        guard getpgrp() == getpid() else { return }
        Thread.detachNewThread {
            while getppid() == parent { usleep(interval) }
            kill(0, SIGKILL)
        }
    }
}
