import Domain
import HTTPTypes
import OrderedJSON

extension RequestPayload {
    /// A list of ids.
    ///
    /// - Throws: 400 where the value is there and is no list of whole numbers above zero.
    func ids(_ key: String) throws(APIError) -> [Int64]? {
        guard let value = self[key] else { return nil }
        let ids = value.arrayValue?.map { item -> Int64? in
            switch item {
            case .integer(let id): id
            case .string(let text): Int64(text)
            case .number(let number): Int64(exactly: number)
            default: nil
            }
        }
        guard let ids, ids.allSatisfy({ $0.map { $0 > 0 } ?? false }) else {
            throw APIError(.badRequest, message: "\(key) must be an array of ids.")
        }
        return ids.compactMap(\.self).unique
    }

    /// A whole number within bounds, or its text; `nil` where there is none, or null.
    ///
    /// - Throws: 400 where it is anything else.
    func wholeNumber(_ key: String, in range: ClosedRange<Int>) throws(APIError) -> Int? {
        guard let value = self[key], value != .null else { return nil }
        guard let number = (value.doubleValue ?? value.stringValue.flatMap(Double.init)).flatMap(Int.init(exactly:)),
            range.contains(number)
        else {
            throw APIError(
                .badRequest, message: "\(key) must be a whole number from \(range.lowerBound) to \(range.upperBound).")
        }
        return number
    }

    /// A text; `nil` where there is none.
    func text(_ key: String) -> String? { self[key]?.stringValue }
}
