import Domain
import NIOCore
import OrderedJSON

/// Speaks the Chrome DevTools protocol over a pipe: JSON messages, each with a NUL behind it.
actor DevTools {
    /// Something that the browser tells unasked.
    struct Event: Sendable {
        let method: String
        let parameters: JSON
        /// Of the target that it is about; `nil` for the browser.
        let session: String?
    }

    private let outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>
    private var lastID: Int64 = 0
    private var waiting: [Int64: CheckedContinuation<JSON, any Error>] = [:]
    /// Answers to commands whose senders do not wait yet; `nil` until they come.
    private var early: [Int64: Result<JSON, any Error>?] = [:]
    private var isEnded = false
    private var handler: @Sendable (Event) async throws -> Void = { _ in }

    init(_ outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>) { self.outbound = outbound }

    /// Has events told to `handler`, each once the one before is dealt with.
    func handleEvents(_ handler: @escaping @Sendable (Event) async throws -> Void) { self.handler = handler }

    /// Sends a command, and gives its result.
    ///
    /// - Throws: `RenderingError` where the browser refuses it or ends, which is what happens to it where the task is cancelled.
    @discardableResult
    func call(_ method: String, _ parameters: JSON = [:], session: String? = nil) async throws -> JSON {
        guard !isEnded else { throw Self.ended }
        lastID += 1
        let id = lastID
        early[id] = .some(nil)
        defer { early[id] = nil }
        try await write(id, method, parameters, session)
        if let result = early[id] ?? nil { return try result.get() }
        guard !isEnded else { throw Self.ended }
        early[id] = nil
        return try await withCheckedThrowingContinuation { waiting[id] = $0 }
    }

    /// Opens an empty page.
    ///
    /// - Returns: the session in which commands are about it.
    func openPage() async throws -> String? {
        try await call("Browser.setDownloadBehavior", ["behavior": "deny"])
        let target = try await call("Target.createTarget", ["url": "about:blank"])["targetId"] ?? .null
        return try await call("Target.attachToTarget", ["targetId": target, "flatten": true])["sessionId"]?.stringValue
    }

    /// Sends a command whose result nobody waits for.
    func send(_ method: String, _ parameters: JSON = [:], session: String? = nil) async throws {
        lastID += 1
        try await write(lastID, method, parameters, session)
    }

    private func write(_ id: Int64, _ method: String, _ parameters: JSON, _ session: String?) async throws {
        var message: JSONObject = ["id": .integer(id), "method": .string(method), "params": parameters]
        message["sessionId"] = session.map(JSON.string)
        var bytes: [UInt8] = []
        JSON.object(message).write(to: &bytes)
        do {
            try await outbound.write(ByteBuffer(bytes: bytes + [0]))
        } catch is CancellationError {
            throw CancellationError()
        } catch {
            // Nobody reads at the other end.
            throw Self.ended
        }
    }

    /// Takes a message of the browser.
    func take(_ message: JSON) async throws {
        if let id = message["id"]?.integerValue { return takeAnswer(message, to: id) }
        guard let method = message["method"]?.stringValue else { return }
        try await handler(
            Event(method: method, parameters: message["params"] ?? [:], session: message["sessionId"]?.stringValue))
    }

    private func takeAnswer(_ message: JSON, to id: Int64) {
        var result = Result<JSON, any Error>.success(message["result"] ?? .null)
        if let error = message["error"] {
            let text = error["message"]?.stringValue ?? ""
            result = .failure(RenderingError("the browser refuses to work (\(text.prefix(200)))"))
        }
        if let continuation = waiting.removeValue(forKey: id) {
            continuation.resume(with: result)
        } else if early.keys.contains(id) {
            early[id] = result
        }
    }

    /// No further message comes: whoever waits for an answer is told so.
    func end() {
        isEnded = true
        for continuation in waiting.values { continuation.resume(throwing: Self.ended) }
        waiting = [:]
    }

    static let ended = RenderingError("the browser ended before the page was there")
}

/// Cuts what the browser writes into messages.
struct DevToolsMessages {
    private var buffer = ByteBuffer()
    /// Bytes that hold no end of a message.
    private var searched = 0
    private let maximumBytes: Int

    init(maximumBytes: Int) { self.maximumBytes = maximumBytes }

    mutating func append(_ bytes: ByteBuffer) throws(RenderingError) {
        buffer.writeImmutableBuffer(bytes)
        guard buffer.readableBytes <= maximumBytes else {
            throw RenderingError("its markup is larger than \(maximumBytes >> 20) MiB")
        }
    }

    /// The next message that is whole; what is no JSON is passed over.
    mutating func next() -> JSON? {
        while true {
            let view = buffer.readableBytesView
            guard let end = view.dropFirst(searched).firstIndex(of: 0) else {
                searched = view.count
                return nil
            }
            let message = try? JSON(parsing: view[..<end])
            buffer.moveReaderIndex(to: end + 1)
            buffer.discardReadBytes()
            searched = 0
            if let message { return message }
        }
    }
}
