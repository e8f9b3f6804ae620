import Domain
import Engine
import HTTPTypes
import OrderedJSON

/// Finds the items that a request refers to and does not send.
struct ResponseHistory: Sendable {
    let archive: ResponseArchive

    /// Responses whose items one request may refer to.
    private static let maximumReferences = 100

    /// The items of the response that the request goes on from, and of those before it, oldest first.
    func items(before payload: ResponsePayload, for caller: Caller) async throws -> [JSON] {
        guard let id = payload.previousID else { return [] }
        let chain = try await archive.conversation(upTo: id, for: caller)
        guard !chain.isEmpty else {
            throw APIError.openAI(
                .badRequest, "Previous response with id '\(id)' not found.", parameter: "previous_response_id",
                code: "previous_response_not_found")
        }
        return chain.flatMap { $0.inputItems + $0.outputItems }
    }

    /// The items of the request itself: those that it names by their ids are put in.
    func items(of payload: ResponsePayload, for caller: Caller) async throws -> [JSON] {
        let names = payload.items.compactMap(\.referencedID)
        guard !names.isEmpty else { return payload.items }
        let found = try await items(named: Set(names), for: caller)
        return try payload.items.map { item in
            guard let id = item.referencedID else { return item }
            guard let item = found[id] else {
                throw APIError.openAI(.notFound, "Item with id '\(id)' not found.", parameter: "input")
            }
            return item
        }
    }

    private func items(named names: Set<String>, for caller: Caller) async throws -> [String: JSON] {
        let responses = Set(names.compactMap { ResponseID(ofItem: $0)?.text })
        guard responses.count <= Self.maximumReferences else {
            throw OpenAIFields.invalid("input", "may refer to items of at most \(Self.maximumReferences) responses")
        }
        var found: [String: JSON] = [:]
        for id in responses {
            guard let response = try await archive.find(id: id, for: caller) else { continue }
            for item in response.inputItems + response.outputItems {
                if let id = item["id"]?.stringValue, names.contains(id) { found[id] = item }
            }
        }
        return found
    }
}

extension JSON {
    /// Of an `item_reference`; its type may be left out.
    fileprivate var referencedID: String? {
        guard self["type"] == "item_reference" || (self["type"] ?? .null).isNull && self["role"] == nil else {
            return nil
        }
        return self["id"]?.stringValue
    }
}

extension StoredResponse {
    /// As its client was sent it.
    var object: JSON { (try? JSON(parsing: body)) ?? [:] }
    var inputItems: [JSON] { (try? JSON(parsing: input))?.arrayValue ?? [] }
    var outputItems: [JSON] { object["output"]?.arrayValue ?? [] }
}
