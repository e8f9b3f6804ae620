import Engine
import HTTPAPI
import Hummingbird
import HummingbirdCore
package import Logging
import NIOCertificateReloading
import NIOCore
import NIOSSL
import ServiceLifecycle
import UnixSignals

extension Server {
    /// Listens, answers and works until the process is told to stop.
    ///
    /// - Parameters:
    ///   - host: name or address to listen on.
    ///   - certificate: for TLS; without one the server speaks HTTP alone.
    ///   - whenRunning: is told the port once the server listens on it, and before anything works in the background.
    package func run(
        at host: String, port: Int, certificate: TLSCertificate? = nil, maximumConnections: Int, logger: Logger,
        whenRunning: @escaping @Sendable (_ port: Int) async throws -> Void
    ) async throws {
        let (running, listening) = AsyncStream<Int>.makeStream()
        let reloader = try certificate?.reloader(logger)
        let protocols =
            if let reloader {
                try HTTPServerBuilder.https(tls: .makeServerConfiguration(certificateReloader: reloader))
            } else {
                HTTPServerBuilder.http()
            }
        let application = Application(
            router: buildRouter(services, listensOnLoopback: HostNames.areOfLoopback(host)),
            server: protocols,
            configuration: ApplicationConfiguration(
                address: .hostname(host, port: port), serverName: "Lectern",
                availableConnectionsDelegate: .maximum(maximumConnections, logger: logger)),
            onServerRunning: { listening.yield($0.localAddress?.port ?? 0) }, logger: logger)
        let background = BackgroundService(work: work, running: running, whenRunning: whenRunning)
        // Services are stopped in the opposite order.
        let stop = GracefulStop(jobs: work.jobs, answers: services.conversations.chat.running)
        var group = ServiceGroupConfiguration(
            services: [background, application, stop] + (reloader.map { [CertificateService(reloader: $0)] } ?? []),
            gracefulShutdownSignals: [.sigterm, .sigint], logger: logger)
        group.maximumGracefulShutdownDuration = GracefulStop.limit
        group.maximumCancellationDuration = .seconds(5)
        try await ServiceGroup(configuration: group).run()
    }
}

private struct CertificateService: Service, CustomStringConvertible {
    let description = "certificate"
    let reloader: TimedCertificateReloader

    func run() async throws { try await reloader.run() }
}

/// The work beside the requests, which begins when the server listens: one that cannot listen does nothing else either.
private struct BackgroundService: Service, CustomStringConvertible {
    // Lifecycle logs the names of services, and would otherwise print all that hangs on them, for milliseconds.
    let description = "background work"

    let work: BackgroundWork
    /// The port, once the server listens on it.
    let running: AsyncStream<Int>
    let whenRunning: @Sendable (Int) async throws -> Void

    func run() async throws {
        try await cancelWhenGracefulShutdown {
            guard let port = await running.first(where: { _ in true }) else { return }
            try await whenRunning(port)
            await work.run()
        }
    }
}
