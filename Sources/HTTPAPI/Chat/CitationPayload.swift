import Engine
import OrderedJSON

extension Citation {
    /// `source` is an index of `sources`, and null where the number points to nothing.
    var json: JSON {
        [
            "number": JSON(number), "source": source.map { JSON($0) } ?? .null,
            "quote": quote.map { .string($0.text) } ?? .null,
            "charRange": quote?.range.map { [JSON($0.lowerBound), JSON($0.upperBound)] } ?? .null,
        ]
    }
}
