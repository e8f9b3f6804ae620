import AsyncHTTPClient
import Domain
import Foundation
import ModelProviders
import NIOCore
import NIOHTTP1
import OrderedJSON
import Synchronization

/// Asks a server's API as any of its clients does, and again where the answer may come later.
struct LibraryClient: Sendable {
    /// `http://127.0.0.1:3001/api/v1`
    let base: String
    let key: String
    let http: HTTPClient
    /// How long the server may be away or busy; `nil` for ever.
    var patience: Duration?
    /// Told what is waited for; `nil` when that is over.
    var waiting: @Sendable (String?) -> Void = { _ in }

    static let standardAddress = "http://127.0.0.1:3001"

    /// `nil` where `address` is none of the web.
    static func base(of address: String) -> String? {
        let text = address.contains("://") ? address : "http://\(address)"
        guard let web = WebAddress(text), web.isWeb else { return nil }
        return web.base(endingIn: "api/v1")
    }

    /// Waits for a request's answer, in bytes.
    private static let maximumAnswer = 64 << 20
    private static let answerTime = TimeAmount.seconds(120)
    private static let firstDelay = Duration.milliseconds(500)
    private static let maximumDelay = Duration.seconds(15)
    /// More than this a server does not mean as a pause.
    private static let longestRetryAfter = Duration.seconds(600)

    // MARK: Requests

    /// - Parameter isTried: whether the request is sent once, whatever comes of it.
    func json(
        _ method: HTTPMethod, _ path: String, _ body: JSON? = nil, once isTried: Bool = false
    ) async throws -> JSON {
        var request = request(method, path)
        if let body {
            request.headers.add(name: "Content-Type", value: "application/json")
            request.body = .bytes(ByteBuffer(string: body.text))
        }
        return try await send(request, within: Self.answerTime, once: isTried)
    }

    /// Sends a file as it lies on the disk, of which nothing is held in memory but the piece that is under way.
    ///
    /// - Parameter sent: told how many of its bytes are about to be sent; a negative number takes those back that have to be
    ///   sent again.
    func upload(
        _ form: FileForm, to path: String, retryPath: String, sent: @escaping @Sendable (Int) -> Void
    ) async throws -> JSON {
        let counter = SentBytes(report: sent)
        var request = request(.POST, path)
        request.headers.add(name: "Content-Type", value: form.contentType)
        return try await send(request, within: nil) { retry, request in
            counter.restart()
            if retry > 0 { request.url = base + retryPath }
            request.body = form.body { counter.add($0) }
        }
    }

    private func request(_ method: HTTPMethod, _ path: String) -> HTTPClientRequest {
        var request = HTTPClientRequest(url: base + path)
        request.method = method
        request.headers = ["User-Agent": "lectern-ingest", "Accept": "application/json"]
        if !key.isEmpty { request.headers.add(name: "Authorization", value: "Bearer \(key)") }
        return request
    }

    private func send(
        _ request: HTTPClientRequest, within time: TimeAmount?, once isTried: Bool = false,
        prepare: (Int, inout HTTPClientRequest) -> Void = { _, _ in }
    ) async throws -> JSON {
        var request = request
        var retry = 0
        let start = ContinuousClock.now
        while true {
            prepare(retry, &request)
            do {
                let answer = try await attempt(request, deadline: time.map { .now() + $0 } ?? .distantFuture)
                if retry > 0 { waiting(nil) }
                return answer
            } catch let failure as ClientFailure {
                try Task.checkCancellation()
                let ours = min(Self.firstDelay * (1 << min(retry, 8)), Self.maximumDelay) * Double.random(in: 0.75...1)
                let pause = failure.retryAfter.map { min($0, Self.longestRetryAfter) } ?? ours
                let isOver = patience.map { start.duration(to: .now) + pause > $0 } ?? false
                guard failure.isTransient, !isTried, !isOver else { throw failure }
                waiting(failure.message)
                try await Task.sleep(for: pause)
                retry += 1
            }
        }
    }

    private func attempt(_ request: HTTPClientRequest, deadline: NIODeadline) async throws -> JSON {
        let (status, headers, bytes): (HTTPResponseStatus, HTTPHeaders, ByteBuffer)
        do {
            let response = try await http.execute(request, deadline: deadline)
            (status, headers) = (response.status, response.headers)
            bytes = try await response.body.collect(upTo: Self.maximumAnswer)
        } catch let error as UnreadableFile {
            throw error
        } catch {
            try Task.checkCancellation()
            throw ClientFailure(
                "No server answers at \(authority)\(ConnectionFailure.reason(for: error)).",
                isTransient: ConnectionFailure.mayPass(error))
        }
        let json = try? JSON(parsing: bytes.readableBytesView)
        guard (200..<300).contains(status.code) else {
            throw ClientFailure(
                Self.message(json) ?? "The server answered \(status.code) \(status.reasonPhrase).",
                status: Int(status.code), isTransient: [429, 502, 503, 504].contains(status.code),
                retryAfter: headers.retryAfter())
        }
        guard let json else {
            throw ClientFailure("What answers at \(authority) is no Lectern server.", status: Int(status.code))
        }
        return json
    }

    var authority: String { WebAddress(base)?.hostAndPort ?? base }

    private static func message(_ json: JSON?) -> String? {
        for key in ["error", "message"] {
            if let text = json?[key]?.stringValue, !text.isEmpty { return text }
        }
        return nil
    }
}

/// Why the server did not do what it was asked for.
struct ClientFailure: Error, CustomStringConvertible {
    /// For people: the server's own words where it said any.
    let message: String
    /// `nil` where no answer came.
    let status: Int?
    /// Whether another attempt may do better.
    let isTransient: Bool
    let retryAfter: Duration?

    init(_ message: String, status: Int? = nil, isTransient: Bool = false, retryAfter: Duration? = nil) {
        self.message = message
        self.status = status
        self.isTransient = isTransient
        self.retryAfter = retryAfter
    }

    var description: String { message }

    /// Whether the next file would fare no better: the server is away or takes nothing, or the key may not.
    var concernsAll: Bool { status == nil || isTransient || [401, 403].contains(status) }
}

/// Counts what is sent of a file, and takes it back where it is sent again.
private final class SentBytes: Sendable {
    private let count = Mutex(0)
    private let report: @Sendable (Int) -> Void

    init(report: @escaping @Sendable (Int) -> Void) { self.report = report }

    func add(_ bytes: Int) {
        count.withLock { $0 += bytes }
        report(bytes)
    }

    func restart() {
        let sent = count.withLock { count in
            defer { count = 0 }
            return count
        }
        if sent > 0 { report(-sent) }
    }
}
