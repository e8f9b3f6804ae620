import Domain

extension LinkAccess {
    /// The addresses of a host, all of which may be fetched from. Whoever connects to one of them asks nobody again.
    ///
    /// - Throws: `LinkError.refused`, `LinkError.unreachable` or `CancellationError`.
    func addresses(of host: String, port: Int, _ resolver: HostResolver) async throws -> [IPAddress] {
        try check(host: host, port: port)
        let addresses: [IPAddress]
        do {
            addresses = try await resolver.addresses(host)
        } catch {
            try Task.checkCancellation()
            throw LinkError.unreachable("The host is not known.")
        }
        try check(addresses, of: host, port: port)
        return addresses
    }
}
