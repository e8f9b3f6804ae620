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
        limit = try Self.number(payload, "limit", else: size, in: 1...Self.maximumLimit)
        number = try Self.number(payload, "offset", else: 0, in: 0...Int(Int32.max))
    }

    /// Rows before the page.
    var start: Int { number * limit }

    /// Chats with what a pager needs to know.
    func answer(_ chats: [JSON], of total: Int) -> JSON {
        [
            "chats": .array(chats), "hasPages": .bool(total > (number + 1) * limit), "totalChats": JSON(total),
        ]
    }

    private static func number(
        _ payload: RequestPayload, _ key: String, else standard: Int, in range: ClosedRange<Int>
    ) throws(APIError) -> Int {
        guard let value = payload[key], value != .null else { return standard }
        guard let number = (value.doubleValue ?? value.stringValue.flatMap(Double.init)).flatMap(Int.init(exactly:)),
            range.contains(number)
        else {
            throw APIError(
                .badRequest, message: "\(key) must be a whole number from \(range.lowerBound) to \(range.upperBound).")
        }
        return number
    }
}
