import Domain

/// The numbers by which an answer cites its sources: their places, from 1.
struct SourceNumbers: Sendable {
    private(set) var sources: [Source] = []
    private var numbers: [String: Int] = [:]

    init(_ sources: [Source] = []) { for source in sources { _ = number(of: source) } }

    /// That which it has, or the next one.
    mutating func number(of source: Source) -> Int {
        if let number = numbers[source.identity] { return number }
        sources.append(source)
        numbers[source.identity] = sources.count
        return sources.count
    }
}
