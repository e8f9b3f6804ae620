import Domain

/// The id of a response. Those of its items hold it, so that an item tells where it is kept.
struct ResponseID: Sendable, Equatable {
    /// 32 in hexadecimal.
    private let digits: String

    private static let digitCount = 32

    /// One that nobody can guess.
    static func random() -> ResponseID { ResponseID(digits: UUIDText.random().filter { $0 != "-" }) }

    private init(digits: String) { self.digits = digits }

    /// The response that an item belongs to; `nil` for what is no item's id.
    init?(ofItem id: String) {
        guard let mark = id.lastIndex(of: "_") else { return nil }
        let rest = id[id.index(after: mark)...]
        let digits = rest.prefix(Self.digitCount)
        guard digits.count == Self.digitCount, digits.allSatisfy(\.isHexDigit),
            ["i", "o"].contains(rest.dropFirst(Self.digitCount).first)
        else { return nil }
        self.digits = String(digits)
    }

    var text: String { "resp_" + digits }

    /// - Parameter kind: `msg` say.
    func outputItem(_ kind: String, _ index: Int) -> String { "\(kind)_\(digits)o\(index)" }
    func inputItem(_ kind: String, _ index: Int) -> String { "\(kind)_\(digits)i\(index)" }
}
