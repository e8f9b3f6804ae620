import Dispatch
import Domain

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Inside a container, `127.0.0.1` is the container and not the machine that runs it. An address of the container
/// itself is therefore accepted only when something answers there.
package struct ContainerCheck: Sendable {
    /// Names and addresses of this machine, in lower case.
    package var localHosts: @Sendable () -> Set<String>
    /// Whether a TCP connection to the host and port can be made.
    package var answers: @Sendable (_ host: String, _ port: Int) async -> Bool

    package init(
        localHosts: @escaping @Sendable () -> Set<String>,
        answers: @escaping @Sendable (_ host: String, _ port: Int) async -> Bool
    ) {
        self.localHosts = localHosts
        self.answers = answers
    }

    /// The check against this machine's interfaces and ports.
    package static let live = ContainerCheck(
        localHosts: { interfaceAddresses().union(["localhost", "0.0.0.0", "::", "::1", "127.0.0.1"]) },
        answers: { host, port in await canConnect(to: host, port: port) })

    func refusal(of value: String) async -> String? {
        guard let address = WebAddress(value) else { return "An error occurred while validating the URL" }
        guard localHosts().contains(address.host) || address.host.hasPrefix("127.") else { return nil }
        guard let port = address.port else { return "Invalid URL: Port is not specified or invalid" }
        if await answers(address.host, port) { return nil }
        return "Port is not running a reachable service on loopback address from inside the AnythingLLM container. "
            + "Please use host.docker.internal (for linux use 172.17.0.1), a real machine ip, or domain to connect "
            + "to your service."
    }
}

private func interfaceAddresses() -> Set<String> {
    var first: UnsafeMutablePointer<ifaddrs>?
    guard getifaddrs(&first) == 0 else { return [] }
    defer { freeifaddrs(first) }
    return Set(
        sequence(first: first, next: { $0?.pointee.ifa_next }).compactMap { interface in
            interface?.pointee.ifa_addr.flatMap { numericHost(of: $0) }
        })
}

/// Only addresses of this machine are tried, which accept or refuse at once; still, not on a thread of Swift's pool.
private func canConnect(to host: String, port: Int) async -> Bool {
    await withCheckedContinuation { continuation in
        DispatchQueue.global().async { continuation.resume(returning: connects(to: host, port: port)) }
    }
}

private func connects(to host: String, port: Int) -> Bool {
    var hints = addrinfo()
    #if canImport(Glibc)
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
    #else
        hints.ai_socktype = SOCK_STREAM
    #endif
    var first: UnsafeMutablePointer<addrinfo>?
    guard getaddrinfo(host, String(port), &hints, &first) == 0 else { return false }
    defer { freeaddrinfo(first) }
    for candidate in sequence(first: first, next: { $0?.pointee.ai_next }) {
        guard let candidate = candidate?.pointee else { continue }
        let descriptor = socket(candidate.ai_family, candidate.ai_socktype, candidate.ai_protocol)
        guard descriptor >= 0 else { continue }
        defer { close(descriptor) }
        var patience = timeval(tv_sec: 2, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
        if connect(descriptor, candidate.ai_addr, candidate.ai_addrlen) == 0 { return true }
    }
    return false
}
