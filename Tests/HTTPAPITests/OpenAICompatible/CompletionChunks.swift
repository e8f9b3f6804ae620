import Domain
import OrderedJSON

/// Takes a stream of events apart: all but the last must be JSON.
func chunks(in text: String) throws -> (chunks: [JSON], last: String) {
    var events = text.split(separator: "\n\n").map { String($0.dropFirst("data: ".count)) }
    let last = events.popLast() ?? ""
    return (try events.map { try JSON(parsing: $0) }, last)
}
