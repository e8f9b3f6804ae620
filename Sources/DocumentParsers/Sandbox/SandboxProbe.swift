import CSandbox
import Domain
import Foundation
import Glibc

/// What the child of a parser can still do, tried by a child that is started and confined like one.
package struct SandboxReport: Codable, Sendable, Equatable {
    /// The version of Landlock that the kernel has; 0 for none.
    package var landlock: Int
    package var filtersSystemCalls: Bool
    /// Whether the child can read the file that it is to parse.
    package var readsItsFile = false
    /// What it should not be able to do and is.
    package var allowed: [String] = []
    /// The soft limits in force: address space, processor seconds, open files, size of a file, size of a core.
    package var limits: [UInt64] = []
    /// The names of its environment's variables.
    package var variables: [String] = []

    /// What the kernel lacks for the whole of the sandbox; `nil` where nothing is missing.
    package var weakness: String? {
        var missing: [String] = []
        if landlock == 0 { missing.append("Landlock (Linux 5.13 with CONFIG_SECURITY_LANDLOCK)") }
        if !filtersSystemCalls { missing.append("seccomp") }
        if !missing.isEmpty { return "the kernel lacks \(missing.joined(separator: " and "))" }
        return allowed.isEmpty ? nil : "a parser's child can \(allowed.joined(separator: ", "))"
    }
}

/// The hidden subcommand `probe-sandbox`. `isConfined` is false only in the test which shows that every attempt succeeds
/// where nothing forbids it.
struct ProbeRequest: Codable {
    /// A file that stands for the one to parse.
    let path: String
    /// A folder that stands for the storage: with the files `read`, `rename`, `remove` and `truncate`.
    let folder: String
    let isConfined: Bool
}

package func runProbeSandbox() -> Int32 {
    guard let request = ProbeRequest.fromEnvironment() else { return EX_USAGE }
    let kernel = sb_probe_kernel()
    var report = SandboxReport(landlock: Int(kernel.landlock), filtersSystemCalls: kernel.seccomp)
    if request.isConfined {
        let limits = ParseLimits().fitting(fileOfBytes: 0)
        do {
            try Confinement.enter(
                limits: limits, path: request.path, mayStartProcesses: true, libraries: ParserSandbox.libraries())
        } catch { return EX_OSERR }
    }
    report.readsItsFile = opens(request.path, O_RDONLY)
    report.allowed = attempts(on: request).filter { $0.isPossible() }.map(\.name)
    report.limits = [RLIMIT_AS, RLIMIT_CPU, RLIMIT_NOFILE, RLIMIT_FSIZE, RLIMIT_CORE].map { resource in
        var limit = rlimit()
        getrlimit(__rlimit_resource_t(resource.rawValue), &limit)
        return UInt64(limit.rlim_cur)
    }
    report.variables = ProcessInfo.processInfo.environment.keys.sorted()
    return write(report)
}

private struct Attempt {
    let name: String
    let isPossible: () -> Bool
}

private func attempts(on request: ProbeRequest) -> [Attempt] {
    let folder = request.folder, server = getppid()
    return [
        Attempt(name: "read files of the storage") { opens(folder + "/read", O_RDONLY) },
        Attempt(name: "list the storage") { opens(folder, O_RDONLY | O_DIRECTORY) },
        Attempt(name: "make files in the storage") { opens(folder + "/new", O_WRONLY | O_CREAT) },
        Attempt(name: "rename files of the storage") { rename(folder + "/rename", folder + "/renamed") == 0 },
        Attempt(name: "remove files of the storage") { unlink(folder + "/remove") == 0 },
        Attempt(name: "truncate files of the storage") { truncate(folder + "/truncate", 0) == 0 },
        Attempt(name: "truncate files by opening them") { opens(folder + "/truncate", O_RDONLY | O_TRUNC) },
        Attempt(name: "change modes in the storage") { chmod(folder + "/read", 0o644) == 0 },
        Attempt(name: "change the file that it reads") { opens(request.path, O_WRONLY) },
        Attempt(name: "read the server's environment") { opens("/proc/\(server)/environ", O_RDONLY) },
        Attempt(name: "list processes") { opens("/proc", O_RDONLY | O_DIRECTORY) },
        Attempt(name: "read /etc/passwd") { opens("/etc/passwd", O_RDONLY) },
        Attempt(name: "open network sockets") { sb_try_socket(AF_INET) == 0 },
        Attempt(name: "open local sockets") { sb_try_socket(AF_UNIX) == 0 },
        Attempt(name: "signal the server") { kill(server, 0) == 0 },
        Attempt(name: "leave its process group") { sb_try_new_session_in_child() == 0 },
    ]
}

private func opens(_ path: String, _ flags: Int32) -> Bool {
    let descriptor = open(path, flags, 0o600)
    if descriptor >= 0 { close(descriptor) }
    return descriptor >= 0
}

extension SandboxedDocumentReader {
    /// Looks at the sandbox from inside, with files of its own.
    /// - Parameter command: what starts the child: the path of the executable, then `probe-sandbox`.
    package static func probe(command: [String], isConfined: Bool = true) async throws -> SandboxReport {
        let folder = FileManager.default.temporaryDirectory.appending(path: "lectern-probe-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
        defer { try? FileManager.default.removeItem(at: folder) }
        for name in ["read", "rename", "remove", "truncate", "parsed"] {
            try Data("content".utf8).write(to: folder.appending(path: name))
        }
        let request = ProbeRequest(
            path: folder.appending(path: "parsed").path, folder: folder.path, isConfined: isConfined)
        var limits = ParseLimits()
        limits.maximumSeconds = 30
        return try await ParserSandbox(command: command, limits: limits).ask(request, limits: limits)
    }
}
