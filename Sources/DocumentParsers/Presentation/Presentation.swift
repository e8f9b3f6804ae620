import Domain

/// The order of a presentation's slides (ECMA-376 part 1, 19.2.1.34).
enum Presentation {
    /// More than any presentation has.
    private static let maximumSlides = 5000

    /// The relationships of the slides in the order in which they are shown.
    static func slides(_ content: [UInt8]) throws(ParseError) -> [String] {
        let cursor = try XMLCursor(content)
        var slides: [String] = []
        while let event = try cursor.next() {
            guard case .start(let element) = event, element.name == "sldId", let id = element.attributes["r:id"] else {
                continue
            }
            slides.append(id)
            guard slides.count <= maximumSlides else { throw .tooLarge("it has more than \(maximumSlides) slides") }
        }
        return slides
    }
}
