import Domain
import HTTPTypes
import OrderedJSON

/// Which page of a list is asked for, as browsers do: `offset` counts pages of `limit` rows.
struct PageRequest {
    let number: Int
    let limit: Int

    private static let maximumLimit = 1000

    /// - Parameter size: rows of a page where the request does not say.
    /// - Throws: 400 for what are no such numbers.
    init(_ payload: RequestPayload, size: Int) throws(APIError) {
        limit = try payload.wholeNumber("limit", in: 1...Self.maximumLimit) ?? size
        number = try payload.wholeNumber("offset", in: 0...Int(Int32.max)) ?? 0
    }

    /// Rows before the page.
    var start: Int { number * limit }

    /// Chats with what a pager needs to know.
    func answer(_ chats: [JSON], of total: Int) -> JSON {
        ["chats": .array(chats), "hasPages": .bool(hasMore(of: total)), "totalChats": JSON(total)]
    }

    /// Whether there are rows behind the page.
    func hasMore(of total: Int) -> Bool { total > (number + 1) * limit }
}
