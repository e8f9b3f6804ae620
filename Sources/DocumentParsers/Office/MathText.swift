import Domain

/// A formula of Office Math (ECMA-376 part 1, 22.1) on one line, as formulas are typed: `(a+b)/2`, `x^2`, `√(x)`, `∑_(i=1)^n`.
///
/// Takes the events between the start and the end of `m:oMath`; elements of others' vocabularies in between do no harm.
struct MathText {
    private struct Element {
        let name: String
        /// The texts of the arguments that have ended, by their names.
        var arguments: [(name: String, text: String)] = []
        /// `m:chr`, `m:begChr` and other characters that the properties name.
        var characters: [String: String] = [:]
    }

    private var elements: [Element] = [Element(name: "oMath")]

    /// Parts of structures; text outside of them joins what surrounds it.
    private static let arguments: Set<String> = [
        "e", "num", "den", "sub", "sup", "deg", "fName", "lim", "mr",
    ]
    private static let structures: Set<String> = [
        "f", "sSup", "sSub", "sSubSup", "sPre", "rad", "nary", "d", "func", "limLow", "limUpp", "m", "eqArr", "acc",
        "bar",
        "groupChr",
    ]

    mutating func add(_ text: String) { addArgument("", text) }

    mutating func start(_ element: XMLCursor.Element) {
        if Self.arguments.contains(element.name) || Self.structures.contains(element.name) {
            elements.append(Element(name: element.name))
        } else if let value = element.attributes["val"], let last = elements.indices.last {
            // A property of the structure that is open; its value may be empty, for a bracket that is not shown.
            elements[last].characters[element.name] = value
        }
    }

    mutating func end(_ name: String) {
        guard elements.count > 1, elements.last?.name == name else { return }
        let ended = elements.removeLast()
        if Self.arguments.contains(name) {
            let separator = name == "mr" ? ", " : ""
            addArgument(name, ended.arguments.map(\.text).joined(separator: separator))
        } else {
            addArgument("", Self.line(ended))
        }
    }

    /// The formula, once its element has ended.
    var text: String { elements.first?.arguments.map(\.text).joined() ?? "" }

    private mutating func addArgument(_ name: String, _ text: String) {
        guard let last = elements.indices.last else { return }
        elements[last].arguments.append((name, text))
    }

    private static func line(_ element: Element) -> String {
        func argument(_ name: String) -> String {
            element.arguments.filter { $0.name == name }.map(\.text).joined()
        }
        let base = argument("e")
        switch element.name {
        case "f":
            if element.characters["type"] == "noBar" { return "(\(argument("num"))¦\(argument("den")))" }
            return "\(grouped(argument("num")))/\(grouped(argument("den")))"
        case "sSup": return "\(grouped(base))^\(grouped(argument("sup")))"
        case "sSub": return "\(grouped(base))_\(grouped(argument("sub")))"
        case "sSubSup": return "\(grouped(base))_\(grouped(argument("sub")))^\(grouped(argument("sup")))"
        case "sPre": return "_\(grouped(argument("sub")))^\(grouped(argument("sup")))\(base)"
        case "rad":
            let degree = argument("deg")
            return "\(degree.isEmpty ? "" : "^\(grouped(degree))")√(\(base))"
        case "nary":
            let sign = element.characters["chr"] ?? "∫"
            let bounds = [("_", argument("sub")), ("^", argument("sup"))].filter { !$0.1.isEmpty }
            return sign + bounds.map { $0.0 + grouped($0.1) }.joined() + " " + base
        case "d":
            let parts = element.arguments.filter { $0.name == "e" }.map(\.text)
            let separator = element.characters["sepChr"] ?? "|"
            return (element.characters["begChr"] ?? "(") + parts.joined(separator: separator)
                + (element.characters["endChr"] ?? ")")
        case "func": return "\(argument("fName")) \(base)"
        case "limLow": return "\(base)_\(grouped(argument("lim")))"
        case "limUpp": return "\(base)^\(grouped(argument("lim")))"
        case "m": return element.arguments.filter { $0.name == "mr" }.map(\.text).joined(separator: "; ")
        case "eqArr": return element.arguments.filter { $0.name == "e" }.map(\.text).joined(separator: "; ")
        // An accent stands behind its letter in Unicode.
        case "acc": return base + (element.characters["chr"] ?? "\u{302}")
        default: return base
        }
    }

    /// In parentheses where it is more than one number, letter or word.
    private static func grouped(_ text: String) -> String {
        let trimmed = text.trimmed
        let isOne = trimmed.allSatisfy {
            $0.isLetter || $0.isNumber || $0 == "." || $0 == "," || $0 == "′" || $0 == "∞"
        }
        return isOne
            || (trimmed.hasPrefix("(") && trimmed.hasSuffix(")")
                && trimmed.dropFirst().dropLast().allSatisfy { $0 != "(" && $0 != ")" })
            ? trimmed : "(\(trimmed))"
    }
}
