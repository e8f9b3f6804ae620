import Domain

/// Asks the robots.txt of each origin once, and lets those addresses pass that it does not forbid.
actor RobotsGate {
    private let fetcher: any LinkFetcher
    private var rules: [String: Task<RobotsRules, any Error>] = [:]

    init(fetcher: any LinkFetcher) { self.fetcher = fetcher }

    /// - Throws: `.unprocessable` where it is forbidden.
    func check(_ address: LinkAddress) async throws {
        guard try await rules(for: address).allow(address) else {
            throw ServiceError(.unprocessable, "\(address.text) is not fetched: the robots.txt of its site forbids it.")
        }
    }

    private func rules(for address: LinkAddress) async throws -> RobotsRules {
        if let known = rules[address.origin] { return try await known.value }
        let asking = Task { [fetcher] in try await Self.ask(address, fetcher) }
        rules[address.origin] = asking
        return try await withTaskCancellationHandler {
            try await asking.value
        } onCancel: {
            asking.cancel()
        }
    }

    /// A site without one forbids nothing; one that cannot say what it forbids forbids everything (RFC 9309, section 2.3.1).
    private static func ask(_ address: LinkAddress, _ fetcher: any LinkFetcher) async throws -> RobotsRules {
        guard let robots = address.resolving("/robots.txt") else { return .allowAll }
        var bytes: [UInt8] = []
        do {
            try await fetcher.fetch(LinkRequest(robots)) { event in
                guard case .bytes(let piece) = event else { return }
                bytes += piece.prefix(RobotsRules.maximumBytes - bytes.count)
                if bytes.count >= RobotsRules.maximumBytes { throw Enough() }
            }
        } catch LinkError.status(let status, _) where status < 500 {
            return .allowAll
        } catch let error as LinkError {
            switch error {
            // What is wrong with the address itself, the fetch of the page would say as well.
            case .refused, .unreachable: throw error.serviceError(for: address)
            case .status, .tooLarge, .timedOut, .tooManyRedirects: return .allowNothing
            }
        } catch is Enough {}
        return RobotsRules(String(decoding: bytes, as: UTF8.self))
    }

    private struct Enough: Error {}
}
