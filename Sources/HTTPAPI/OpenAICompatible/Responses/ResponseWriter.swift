import Domain
import Engine
import HTTPTypes
import OrderedJSON

/// Puts a response together while its answer is made, and tells each step as an event, in the order of OpenAI's.
struct ResponseWriter {
    /// Takes an event.
    typealias Emit = @Sendable (_ name: String, JSON) async throws -> Void

    private let frame: ResponseFrame
    private let emit: Emit
    private(set) var hasBegun = false
    private var eventCount = 0
    private var items: [ResponseItem] = []
    /// The text or the thought that is being told.
    private var current: Int?
    /// Places of the calls of functions, in the order of the calls.
    private var calls: [Int: Int] = [:]
    private var report: SearchReport?

    init(_ frame: ResponseFrame, emit: @escaping Emit) {
        self.frame = frame
        self.emit = emit
    }

    mutating func write(_ event: ChatEvent) async throws {
        switch event {
        case .searched(let report): self.report = report
        case .text(let piece): try await add(piece, to: .message)
        case .reasoning(let piece):
            try await add(piece, to: .reasoning(isSummary: frame.payload.summarizesReasoning))
        case .probabilities(let items): if let current { self.items[current].probabilities += items }
        case .toolCallPiece(let piece): try await add(piece)
        case .thought: break
        }
    }

    /// Tells the rest of the answer but for the end.
    ///
    /// - Returns: the response as it is in the end.
    mutating func close(_ answer: ChatAnswer) async throws -> JSONObject {
        try await begin()
        if answer.isRefusal { try await add(answer.text, to: frame.payload.wantsJSON ? .refusal : .message) }
        for (index, call) in answer.toolCalls.enumerated() where calls[index] == nil {
            try await add(ToolCallPiece(index: index, id: call.id, name: call.name, arguments: call.arguments))
        }
        let failure = answer.kind == .empty ? nil : answer.failure
        let isWhole = failure == nil && [.stop, .toolCalls].contains(answer.finishReason)
        try await closeItems(isWhole ? .completed : .incomplete)
        let error = failure.map { APIError.openAI(.internalServerError, $0, type: "server_error") }
        return frame.object(
            error != nil ? .failed : isWhole ? .completed : .incomplete, output: items.compactMap(\.done),
            answer: answer, error: error)
    }

    /// Tells that the answer breaks off.
    mutating func fail(_ error: APIError) async throws {
        try await closeItems(.incomplete)
        try await end(frame.object(.failed, output: items.compactMap(\.done), error: error))
    }

    /// The last event.
    ///
    /// - Parameter object: what `close` gave.
    mutating func end(_ object: JSONObject) async throws {
        try await send("response.\(object["status"]?.stringValue ?? "failed")", ["response": .object(object)])
    }

    // MARK: Events

    private mutating func send(_ name: String, _ fields: JSONObject) async throws {
        let head: JSONObject = ["type": .string(name), "sequence_number": JSON(eventCount)]
        eventCount += 1
        try await emit(name, .object(head.merging(fields)))
    }

    private mutating func begin() async throws {
        guard !hasBegun else { return }
        hasBegun = true
        let object = JSON.object(frame.object(.inProgress))
        for name in ["created", "in_progress"] { try await send("response.\(name)", ["response": object]) }
        if frame.payload.search != nil { try await tellSearch() }
    }

    /// Told when it is over: until something is said, the request may still fail with a status of its own.
    private mutating func tellSearch() async throws {
        var item = ResponseItem(.search, of: frame.id, index: items.count)
        try await send(
            "response.output_item.added", ["output_index": JSON(item.index), "item": item.json(.inProgress)])
        for step in ["in_progress", "searching", "completed"] {
            try await send("response.file_search_call.\(step)", item.place)
        }
        var done = item.json(.completed).objectValue ?? JSONObject()
        done["queries"] = .array((report?.queries ?? []).map(JSON.string))
        if frame.payload.includesSearchResults { done["results"] = .array((report?.found ?? []).map(\.searchResult)) }
        item.done = .object(done)
        items.append(item)
        try await send("response.output_item.done", ["output_index": JSON(item.index), "item": .object(done)])
    }

    // MARK: Items

    private mutating func add(_ piece: String, to kind: ResponseItem.Kind) async throws {
        if current.map({ items[$0].kind != kind }) ?? true {
            // What was called before is complete as well.
            try await closeItems(.completed)
            current = try await open(kind)
        }
        if let current { try await add(piece, at: current) }
    }

    private mutating func add(_ piece: ToolCallPiece) async throws {
        if let place = calls[piece.index] { return try await add(piece.arguments, at: place) }
        if let current { try await close(at: current, .completed) }
        current = nil
        let id = piece.id ?? "call_\(frame.id.text)_\(piece.index)"
        let place = try await open(.call(id: id, name: piece.name ?? ""))
        calls[piece.index] = place
        try await add(piece.arguments, at: place)
    }

    private mutating func open(_ kind: ResponseItem.Kind) async throws -> Int {
        try await begin()
        let item = ResponseItem(kind, of: frame.id, index: items.count)
        items.append(item)
        try await send(
            "response.output_item.added", ["output_index": JSON(item.index), "item": item.json(.inProgress)])
        if let name = item.partName {
            try await send("response.\(name).added", item.place.merging(["part": item.part()]))
        }
        return item.index
    }

    private mutating func add(_ piece: String, at place: Int) async throws {
        guard !piece.isEmpty else { return }
        items[place].text += piece
        let item = items[place]
        var fields = item.place.merging(["delta": .string(piece)])
        if item.kind == .message { fields["logprobs"] = [] }
        try await send("response.\(item.name).delta", fields)
    }

    /// - Parameter status: of the last of them; those before it are complete.
    private mutating func closeItems(_ status: ResponseFrame.Status) async throws {
        let open = items.indices.filter { items[$0].done == nil }
        for place in open { try await close(at: place, place == open.last ? status : .completed) }
        current = nil
    }

    private mutating func close(at place: Int, _ status: ResponseFrame.Status) async throws {
        let item = items[place]
        let annotations = item.kind == .message ? frame.annotations(of: item.text, report?.sources ?? []) : []
        for (index, annotation) in annotations.enumerated() {
            try await send(
                "response.output_text.annotation.added",
                item.place.merging(["annotation_index": JSON(index), "annotation": annotation]))
        }
        try await send("response.\(item.name).done", item.place.merging(item.whole))
        if let name = item.partName {
            try await send("response.\(name).done", item.place.merging(["part": item.part(annotations)]))
        }
        let done = item.json(status, annotations)
        items[place].done = done
        try await send("response.output_item.done", ["output_index": JSON(item.index), "item": done])
    }
}

extension Source {
    /// As a `file_search_call` shows what it has found.
    fileprivate var searchResult: JSON {
        var attributes: JSONObject = ["title": .string(title), "location": JSON(location), "url": .string(url)]
        attributes["docId"] = docID.map(JSON.string)
        return [
            "file_id": JSON(documentID.map { FileID(document: $0).text }), "filename": .string(title),
            "score": JSON(relevance?.score), "text": .string(excerpt), "attributes": .object(attributes),
        ]
    }
}
