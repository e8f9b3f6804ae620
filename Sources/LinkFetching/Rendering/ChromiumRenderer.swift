import Concurrency
import Dispatch
package import Domain
import NIOCore
import NIOPosix
import OrderedJSON

/// Renders pages in headless Chromium: one browser for each page, whose only way out is a proxy that connects to what links
/// may lead to.
package struct ChromiumRenderer: PageRenderer {
    private let access: LinkAccess
    private let resolver: HostResolver
    private let linkLimits: LinkLimits
    let limits: RenderingLimits
    private let launcher: [String]
    let arguments: [String]
    /// A browser takes a core and some hundred megabytes; others wait in order.
    let browsers: Concurrency.Semaphore

    /// - Parameters:
    ///   - launcher: what starts the hidden subcommand of this program that becomes the browser.
    ///   - arguments: further ones for the browser.
    package init(
        access: LinkAccess, linkLimits: LinkLimits = LinkLimits(), limits: RenderingLimits = RenderingLimits(),
        resolver: HostResolver = .system, launcher: [String], arguments: [String] = [], parallelism: Int = 2
    ) {
        self.access = access
        self.linkLimits = linkLimits
        self.limits = limits
        self.resolver = resolver
        self.launcher = launcher
        self.arguments = arguments
        browsers = Concurrency.Semaphore(value: parallelism)
    }

    /// Whether there is a browser on this machine.
    package static var isInstalled: Bool { Browser.program != nil }

    package func render(_ request: LinkRequest) async throws -> RenderedPage {
        try await browsers.withPermit {
            try await withBrowser(arguments) { tools, asked in
                let visit = PageVisit(request, tools, asked: asked, limits: limits)
                await tools.handleEvents { try await visit.take($0) }
                return try await visit.render()
            }
        }
    }

    /// Starts a browser and ends it.
    ///
    /// - Returns: what it calls itself.
    /// - Throws: `RenderingError`, which says why pages are not rendered.
    package func probe() async throws -> String {
        try await withBrowser(arguments) { tools, _ in
            try await tools.call("Browser.getVersion")["product"]?.stringValue ?? ""
        }
    }

    // MARK: Browsers

    func withBrowser<Value: Sendable>(
        _ arguments: [String], _ work: @escaping @Sendable (DevTools, AskedHosts) async throws -> Value
    ) async throws -> Value {
        let asked = AskedHosts()
        let proxy = CheckedProxy(access: access, resolver: resolver, limits: linkLimits, asked: asked)
        return try await proxy.run { port in
            let browser = try Browser(launcher: launcher, proxyPort: port, arguments: arguments)
            let result: Result<Value, any Error>
            do { result = .success(try await speak(to: browser) { try await work($0, asked) }) } catch {
                result = .failure(browser.complaint.map(RenderingError.init) ?? error)
            }
            await Self.onThread { browser.end() }
            return try result.get()
        }
    }

    private func speak<Value: Sendable>(
        to browser: Browser, _ work: @escaping @Sendable (DevTools) async throws -> Value
    ) async throws -> Value {
        let limits = limits
        let channel = try await NIOPipeBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .takingOwnershipOfDescriptor(inputOutput: browser.devTools) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
                }
            }
        return try await channel.executeThenClose { inbound, outbound in
            let tools = DevTools(outbound)
            return try await withThrowingTaskGroup(of: Value?.self) { group in
                group.addTask {
                    let failure = await Self.read(inbound, for: tools, limits)
                    await tools.end()
                    throw failure
                }
                group.addTask { try await work(tools) }
                group.addTask {
                    try await Task.sleep(for: limits.total)
                    throw RenderingError("it takes longer than \(limits.total.components.seconds) seconds")
                }
                group.addTask { throw try await Self.excess(of: browser, limits) }
                defer { group.cancelAll() }
                while let finished = try await group.next() { if let finished { return finished } }
                throw DevTools.ended
            }
        }
    }

    /// Hands on what the browser says.
    ///
    /// - Returns: why it says no more.
    private static func read(
        _ inbound: NIOAsyncChannelInboundStream<ByteBuffer>, for tools: DevTools, _ limits: RenderingLimits
    ) async -> any Error {
        // JSON writes some characters with six bytes.
        var messages = DevToolsMessages(maximumBytes: 6 * limits.maximumMarkup)
        do {
            for try await bytes in inbound {
                try messages.append(bytes)
                while let message = messages.next() { try await tools.take(message) }
            }
            return DevTools.ended
        } catch { return error is IOError ? DevTools.ended : error }
    }

    /// Returns once the browser takes more than it may.
    private static func excess(of browser: Browser, _ limits: RenderingLimits) async throws -> RenderingError {
        while true {
            try await Task.sleep(for: .milliseconds(500))
            let usage = await onThread { browser.usage }
            if usage.memory > limits.memory {
                return RenderingError("it takes more than \(limits.memory >> 20) MiB of memory")
            }
            if usage.processes > limits.processes {
                return RenderingError("it takes more than \(limits.processes) processes")
            }
        }
    }

    private static let threads = DispatchQueue(label: "lectern.browser", attributes: .concurrent)

    private static func onThread<Value: Sendable>(_ work: @escaping @Sendable () -> Value) async -> Value {
        await withCheckedContinuation { continuation in threads.async { continuation.resume(returning: work()) } }
    }
}
