package import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import OrderedJSON

/// Looks for model servers at their usual ports on this machine.
package struct LocalModelServers: Sendable {
    /// A server on the same machine that takes longer is busy or none.
    private static let patience = TimeAmount.milliseconds(700)
    private static let longestListing = 1 << 20

    private let client: HTTPClient
    private let ports: [LocalPort]

    package init(client: HTTPClient) {
        self.init(client: client, ports: LocalPort.usual)
    }

    init(client: HTTPClient, ports: [LocalPort]) {
        self.client = client
        self.ports = ports
    }

    /// Those that answer, asked all at once.
    package func find() async -> [LocalModelServer] {
        await withTaskGroup(of: (Int, LocalModelServer?).self) { group in
            for (place, port) in ports.enumerated() {
                group.addTask { (place, await server(at: port)) }
            }
            var found: [(Int, LocalModelServer?)] = []
            for await server in group { found.append(server) }
            return found.sorted { $0.0 < $1.0 }.compactMap(\.1)
        }
    }

    private func server(at place: LocalPort) async -> LocalModelServer? {
        let address = "http://127.0.0.1:\(place.port)"
        let deadline = NIODeadline.now() + Self.patience
        guard
            let response = try? await client.execute(
                HTTPClientRequest(url: "\(address)/\(place.path)"), deadline: deadline),
            response.status == .ok, let bytes = try? await response.body.collect(upTo: Self.longestListing),
            let json = try? JSON(parsing: bytes.readableBytesView), let listing = ModelListing(json),
            let kind = place.kind(listing)
        else { return nil }
        return LocalModelServer(kind: kind, base: address + place.base, models: listing.languageModels)
    }
}
