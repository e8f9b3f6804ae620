import Domain
import OrderedJSON

/// A page in a browser, from its first request to its markup. What the browser tells of it comes in order.
actor PageVisit {
    private let request: LinkRequest
    private let tools: DevTools
    private let asked: AskedHosts
    private let limits: RenderingLimits
    private let milestones: AsyncStream<Milestone>
    private let reached: AsyncStream<Milestone>.Continuation

    private enum Milestone {
        case quiet, nearlyQuiet
        case failed(RenderingError)
    }

    private var session: String?
    private var mainFrame: String?
    /// Of the document that the main frame shows.
    private var loader: String?
    private var address: String?
    private var isLoading = false
    /// The latest request for a document of the main frame.
    private var mainRequest: String?
    /// The answers of documents of the main frame, by their loaders.
    private var answers: [String: Answer] = [:]

    private struct Answer {
        let status: Int
        let mediaType: String
    }

    private var requestCount = 0
    /// Whether the main frame has been elsewhere than on the link's own origin, after which nothing secret is sent.
    private var hasLeft = false

    /// Nobody reads these, so nobody need send them.
    private static let unread: Set = [
        "Image", "Media", "Font", "TextTrack", "Manifest", "Ping", "Prefetch", "CSPViolationReport",
    ]

    init(_ request: LinkRequest, _ tools: DevTools, asked: AskedHosts, limits: RenderingLimits) {
        self.asked = asked
        self.request = request
        self.tools = tools
        self.limits = limits
        (milestones, reached) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(8))
    }

    // MARK: Asking

    /// - Throws: `RenderingError`, which ends a sentence about the page.
    func render() async throws -> RenderedPage {
        let version = try await tools.call("Browser.getVersion")
        session = try await tools.openPage()
        let frames = try await call("Page.getFrameTree")
        mainFrame = frames["frameTree"]?["frame"]?["id"]?.stringValue
        for domain in ["Page", "Network", "DOM", "Inspector"] { try await call("\(domain).enable") }
        try await call("Page.setLifecycleEventsEnabled", ["enabled": true])
        try await call("Network.setUserAgentOverride", ["userAgent": .string(Self.userAgent(version))])
        try await call("Fetch.enable", ["patterns": [["urlPattern": "*"]]])
        // What comes of it, events tell sooner than the answer.
        try await tools.send("Page.navigate", ["url": .string(request.address.whole)], session: session)
        try await settle()
        return try await page()
    }

    @discardableResult private func call(_ method: String, _ parameters: JSON = [:]) async throws -> JSON {
        try await tools.call(method, parameters, session: session)
    }

    /// Its own, without the mark by which servers tell robots that hide; ours does not.
    private static func userAgent(_ version: JSON) -> String {
        let own = (version["userAgent"]?.stringValue ?? "Mozilla/5.0").replacing("HeadlessChrome", with: "Chrome")
        return own + " " + LinkRobots.userAgent.drop { $0 != "(" }
    }

    /// Waits until the page has what it asks for, or the time for that is over.
    private func settle() async throws {
        let (milestones, limits) = (milestones, limits)
        let end = await Self.within(limits.settling) { () async -> Milestone? in
            for await milestone in milestones {
                guard case .nearlyQuiet = milestone else { return milestone }
                // Whoever holds a connection open, for news of the page, will never be quiet.
                return await Self.within(limits.nearlyQuiet) { () async -> Milestone? in
                    for await milestone in milestones {
                        if case .nearlyQuiet = milestone { continue }
                        return milestone
                    }
                    return nil
                } ?? nil
            }
            return nil
        }
        if case .failed(let error)?? = end { throw error }
    }

    /// - Returns: `nil` where the time is over.
    private static func within<Value: Sendable>(
        _ time: Duration, _ work: @escaping @Sendable () async -> Value
    ) async -> Value? {
        await withTaskGroup(of: Value?.self) { group in
            group.addTask { await work() }
            group.addTask {
                try? await Task.sleep(for: time)
                return nil
            }
            defer { group.cancelAll() }
            return await group.next() ?? nil
        }
    }

    private func page() async throws -> RenderedPage {
        try Task.checkCancellation()
        // Whatever it has navigated to meanwhile has answered as a page.
        guard let loader, let answer = answers[loader], let address = address.flatMap(LinkAddress.init) else {
            throw RenderingError("no page came in time")
        }
        if let error = Self.failure(of: answer) { throw error }
        let document = try await call("DOM.getDocument", ["depth": 0])
        let root = document["root"]?["nodeId"] ?? .null
        let markup = try await call("DOM.getOuterHTML", ["nodeId": root])
        guard let text = markup["outerHTML"]?.stringValue else { throw RenderingError("it has no markup") }
        return RenderedPage(address: address, markup: text)
    }

    private static func failure(of answer: Answer) -> RenderingError? {
        if answer.status >= 400 { return RenderingError("it leads to an answer of HTTP \(answer.status)") }
        return answer.mediaType.contains("html") ? nil : RenderingError("it leads to something that is no page")
    }

    /// What names of the network behind this server stays here.
    private static func failure(of error: String) -> RenderingError {
        switch error {
        case "net::ERR_TUNNEL_CONNECTION_FAILED", "net::ERR_PROXY_CONNECTION_FAILED", "net::ERR_EMPTY_RESPONSE":
            RenderingError("it could not be reached")
        case _ where error.hasPrefix("net::ERR_CERT_"): RenderingError("the browser does not trust its certificate")
        default: RenderingError("it could not be loaded (\(error))")
        }
    }

    // MARK: Being told

    func take(_ event: DevTools.Event) async throws {
        guard event.session == session, session != nil else { return }
        let parameters = event.parameters
        let isOfMainFrame = parameters["frameId"]?.stringValue == mainFrame
        switch event.method {
        case "Fetch.requestPaused": try await decide(on: parameters)
        case "Network.responseReceived" where isOfMainFrame && parameters["type"] == "Document": noteAnswer(parameters)
        case "Network.requestWillBeSent" where isOfMainFrame && parameters["type"] == "Document":
            mainRequest = parameters["requestId"]?.stringValue
        case "Network.loadingFailed" where parameters["requestId"]?.stringValue == mainRequest: noteFailure(parameters)
        case "Network.webSocketCreated": asked.insert(url: parameters["url"]?.stringValue ?? "")
        case "Page.frameNavigated" where parameters["frame"]?["parentId"] == nil: noteNavigation(parameters["frame"])
        case "Page.frameStartedLoading" where isOfMainFrame: isLoading = true
        case "Page.frameStoppedLoading" where isOfMainFrame: isLoading = false
        case "Page.lifecycleEvent" where isOfMainFrame && parameters["loaderId"]?.stringValue == loader:
            noteLifecycle(parameters["name"]?.stringValue)
        case "Page.javascriptDialogOpening":
            try await tools.send("Page.handleJavaScriptDialog", ["accept": false], session: session)
        case "Inspector.targetCrashed":
            reached.yield(.failed(RenderingError("its scripts made the browser fail")))
        default: break
        }
    }

    private func noteAnswer(_ parameters: JSON) {
        guard let loader = parameters["loaderId"]?.stringValue, let response = parameters["response"] else { return }
        let answer = Answer(
            status: Int(response["status"]?.integerValue ?? 0),
            mediaType: response["mimeType"]?.stringValue?.lowercased() ?? "")
        answers[loader] = answer
        if let error = Self.failure(of: answer) { reached.yield(.failed(error)) }
    }

    private func noteFailure(_ parameters: JSON) {
        guard parameters["canceled"] != true, let text = parameters["errorText"]?.stringValue else { return }
        reached.yield(.failed(Self.failure(of: text)))
    }

    private func noteNavigation(_ frame: JSON?) {
        loader = frame?["loaderId"]?.stringValue
        address = (frame?["url"]?.stringValue ?? "") + (frame?["urlFragment"]?.stringValue ?? "")
        let origin = address.flatMap(LinkAddress.init)?.origin
        if origin != nil, origin != request.address.origin { hasLeft = true }
    }

    private func noteLifecycle(_ name: String?) {
        guard !isLoading || name != "networkIdle", let loader, answers[loader] != nil else { return }
        switch name {
        case "networkIdle": reached.yield(.quiet)
        case "networkAlmostIdle": reached.yield(.nearlyQuiet)
        default: break
        }
    }

    /// Each request of the page waits here before it is sent.
    private func decide(on parameters: JSON) async throws {
        let id = parameters["requestId"] ?? .null
        requestCount += 1
        let type = parameters["resourceType"]?.stringValue ?? ""
        guard requestCount <= limits.requests, !Self.unread.contains(type) else {
            return try await tools.send(
                "Fetch.failRequest", ["requestId": id, "errorReason": "BlockedByClient"], session: session)
        }
        asked.insert(url: parameters["request"]?["url"]?.stringValue ?? "")
        var answer: JSONObject = ["requestId": id]
        if carriesHeaders(parameters) { answer["headers"] = headers(over: parameters["request"]?["headers"]) }
        try await tools.send("Fetch.continueRequest", .object(answer), session: session)
    }

    /// Those that a client sends along are for the link's own origin, asked by its own page.
    private func carriesHeaders(_ parameters: JSON) -> Bool {
        guard !request.headers.isEmpty, !hasLeft, parameters["frameId"]?.stringValue == mainFrame else { return false }
        let target = parameters["request"]?["url"]?.stringValue.flatMap(LinkAddress.init)
        let isOwn = target?.origin == request.address.origin
        // A way back from elsewhere is no way of the page.
        if !isOwn, parameters["resourceType"] == "Document" { hasLeft = true }
        return isOwn
    }

    private func headers(over own: JSON?) -> JSON {
        let names = Set(request.headers.map { $0.name.lowercased() })
        let kept = (own?.objectValue?.members ?? []).filter { !names.contains($0.key.lowercased()) }
        let all =
            kept.compactMap { member in member.value.stringValue.map { (member.key, $0) } }
            + request.headers.map { ($0.name, $0.value) }
        return .array(all.map { ["name": .string($0.0), "value": .string($0.1)] })
    }
}
