import Domain
import HTTPTypes
import OrderedJSON
import Testing

/// The events of a streamed response, in order.
struct ResponseEvents {
    let all: [JSON]

    /// Each event must bear the name that its data has as its type, and the number of its place.
    init(_ text: String) throws {
        all = try text.split(separator: "\n\n").enumerated().map { place, event in
            let lines = event.split(separator: "\n", maxSplits: 1)
            try #require(lines.count == 2 && lines[0].hasPrefix("event: ") && lines[1].hasPrefix("data: "))
            let json = try JSON(parsing: String(lines[1].dropFirst(6)))
            #expect(json["type"]?.stringValue == String(lines[0].dropFirst(7)))
            #expect(json["sequence_number"] == JSON(place))
            return json
        }
    }

    /// Without `response.` in front.
    var types: [String] { all.compactMap { $0["type"]?.stringValue?.replacing("response.", with: "") } }

    func first(_ type: String) -> JSON? { all.first { $0["type"]?.stringValue == "response." + type } }

    /// The response in the last event.
    var response: JSON? { all.last?["response"] }
}

extension TestClient {
    static let responses = "/v1/openai/responses"

    func respond(_ body: JSON) async throws -> JSON { try await json(.post, Self.responses, body) }

    func streamResponse(_ body: JSONObject) async throws -> ResponseEvents {
        var body = body
        body["stream"] = true
        let (status, text) = try await send(.post, Self.responses, .object(body))
        #expect(status == 200)
        return try ResponseEvents(text)
    }
}

extension JSON {
    /// The text of a response's messages.
    var outputText: String {
        (self["output"]?.arrayValue ?? []).flatMap { $0["content"]?.arrayValue ?? [] }
            .compactMap { $0["type"] == "output_text" ? $0["text"]?.stringValue : nil }.joined()
    }

    var outputTypes: [String] { (self["output"]?.arrayValue ?? []).compactMap { $0["type"]?.stringValue } }
}
