import Domain
import Hummingbird
import OrderedJSON

/// Part of a list in OpenAI's manner: `limit`, `order`, and `after` or `before` an id that the client has seen.
struct CursorPage<Item> {
    let items: [Item]
    let hasMore: Bool

    private static var maximumLimit: Int { 100 }

    init(items: [Item], hasMore: Bool) {
        self.items = items
        self.hasMore = hasMore
    }

    /// The page of `all`, which is in ascending order, that the query asks for.
    ///
    /// - Parameters:
    ///   - defaultLimit: where the query names none; without one all are meant.
    ///   - isDescending: whether the order is the opposite one where the query names none.
    init(
        of all: [Item], _ query: Parameters, defaultLimit: Int? = nil, isDescending: Bool = false,
        id: (Item) -> String
    ) throws {
        let limit = try Self.limit(query.get("limit"), maximum: Self.maximumLimit) ?? defaultLimit ?? all.count
        var rest = try Self.isDescending(query.get("order")) ?? isDescending ? all.reversed() : all
        let after = query.get("after").flatMap { $0.isEmpty ? nil : $0 }
        let before = query.get("before").flatMap { $0.isEmpty ? nil : $0 }
        if let after { rest = Array(try Self.split(rest, at: after, "after", id).after) }
        if let before { rest = Array(try Self.split(rest, at: before, "before", id).before) }
        // Without `after`, what lies directly before an id is its end, not its beginning.
        items = Array(before != nil && after == nil ? rest.suffix(limit) : rest.prefix(limit))
        hasMore = rest.count > items.count
    }

    /// The list as it is sent; the ids of its ends are absent where it is empty.
    func json(id: (Item) -> String, _ item: (Item) -> JSON) -> JSON {
        var list: JSONObject = ["object": "list"]
        if let first = items.first, let last = items.last {
            list["first_id"] = .string(id(first))
            list["last_id"] = .string(id(last))
        }
        list["data"] = .array(items.map(item))
        list["has_more"] = .bool(hasMore)
        return .object(list)
    }

    private static func split(
        _ items: [Item], at cursor: String, _ parameter: String, _ id: (Item) -> String
    ) throws -> (before: ArraySlice<Item>, after: ArraySlice<Item>) {
        guard let place = items.firstIndex(where: { id($0) == cursor }) else {
            throw APIError.openAI(
                .badRequest, "\(parameter) must be the id of an entry of this list.", parameter: parameter)
        }
        return (items[..<place], items[(place + 1)...])
    }

    /// `nil` where the query names none.
    static func limit(_ text: String?, maximum: Int) throws -> Int? {
        guard let text, !text.isEmpty else { return nil }
        guard let limit = Int(text), (1...maximum).contains(limit) else {
            throw APIError.openAI(
                .badRequest, "limit must be a whole number, 1 to \(maximum).", parameter: "limit")
        }
        return limit
    }

    /// `nil` where the query does not say.
    static func isDescending(_ text: String?) throws -> Bool? {
        switch text {
        case nil, "": return nil
        case "asc": return false
        case "desc": return true
        default: throw APIError.openAI(.badRequest, "order must be asc or desc.", parameter: "order")
        }
    }
}
