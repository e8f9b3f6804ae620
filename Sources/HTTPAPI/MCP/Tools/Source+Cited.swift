import Domain
import OrderedJSON

extension Source {
    /// As tools show it: `place` in words (`p. 3`), `start` and `end` as UTF-16 offsets, by which `read_document` goes on.
    func cited(as number: Int) -> JSON {
        var object: JSONObject = ["number": JSON(number), "title": .string(title)]
        object["uri"] = location.flatMap { DocumentPath($0) }.map { .string(DocumentURI($0).text) }
        object["place"] = place?.locator.map { .string($0.text) }
        if let headings = place?.headings, !headings.isEmpty {
            object["headings"] = .array(headings.map(JSON.string))
        }
        object["score"] = relevance.map { .number($0.score) }
        if let range = place?.range {
            object["start"] = JSON(range.lowerBound)
            object["end"] = JSON(range.upperBound)
        }
        object["text"] = .string(excerpt)
        return .object(object)
    }

    /// `[2] Handbook, p. 3 (lectern://documents/…)`
    func line(as number: Int) -> String {
        let place = place?.locator.map { ", \($0.text)" } ?? ""
        let uri = location.flatMap { DocumentPath($0) }.map { " (\(DocumentURI($0).text))" } ?? ""
        return "[\(number)] \(title)\(place)\(uri)"
    }
}
