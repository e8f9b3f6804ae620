import Domain

/// The lists of a Word document (ECMA-376 part 1, 17.9): which paragraph gets which number.
struct WordNumbering {
    struct Level {
        var start = 1
        var format = "decimal"
        /// `%1.%2.`, where `%n` stands for the number of level n.
        var text = ""
        /// The level whose next paragraph makes this one begin anew; 0 for never, nil for every higher one.
        var restart: Int?
        /// The paragraph style that belongs to this level.
        var style: String?
        /// Numbers of other levels are written in decimals, whatever their own format.
        var isLegal = false
    }

    /// What stands in front of a paragraph.
    enum Mark: Equatable {
        case bullet
        case number(String)
        case none
    }

    private struct Counter {
        var numbers: [Int?] = Array(repeating: nil, count: WordNumbering.levels)
    }

    static let levels = 9
    private var definitions: [String: [Int: Level]] = [:]
    /// Instances of definitions: most lists of a document are one of a few kinds.
    private var instances: [String: (definition: String, overrides: [Int: Level], starts: [Int: Int])] = [:]
    /// A definition that takes its levels from a style of lists, whose definition has them.
    private var linkedStyles: [String: String] = [:]
    private var styleDefinitions: [String: String] = [:]
    private var counters: [String: Counter] = [:]
    private var begun: Set<String> = []

    init() {}

    init(_ content: [UInt8]) throws(ParseError) {
        let cursor = try XMLCursor(content)
        var definition: String?
        var instance: String?
        var level: Int?
        var isOverride = false
        while let event = try cursor.next() {
            switch event {
            case .start(let element):
                let value = element.attributes["val"] ?? ""
                switch element.name {
                case "abstractNum": definition = element.attributes["abstractNumId"] ?? ""
                case "num":
                    instance = element.attributes["numId"] ?? ""
                    instances[instance ?? ""] = ("", [:], [:])
                case "abstractNumId": if let instance { instances[instance]?.definition = value }
                case "lvlOverride":
                    isOverride = true
                    level = Self.level(element)
                case "startOverride":
                    if let instance, let level { instances[instance]?.starts[level] = Int(value) }
                case "lvl":
                    level = Self.level(element)
                    change(definition, instance, level) { _ in }
                case "numStyleLink": if let definition { linkedStyles[definition] = value }
                case "styleLink": if let definition { styleDefinitions[value] = definition }
                default: change(definition, instance, level) { Self.read(element.name, value, into: &$0) }
                }
            case .end(let name, _):
                switch name {
                case "abstractNum": definition = nil
                case "num": instance = nil
                case "lvlOverride":
                    isOverride = false
                    level = nil
                case "lvl": if !isOverride { level = nil }
                default: break
                }
            case .text: break
            }
        }
    }

    private static func level(_ element: XMLCursor.Element) -> Int? {
        element.attributes["ilvl"].flatMap { Int($0) }.flatMap { 0..<levels ~= $0 ? $0 : nil }
    }

    private static func read(_ name: String, _ value: String, into level: inout Level) {
        switch name {
        case "start": level.start = Int(value) ?? 1
        case "numFmt": level.format = value
        case "lvlText": level.text = value
        case "lvlRestart": level.restart = Int(value)
        case "pStyle": level.style = value
        case "isLgl": level.isLegal = !["0", "false", "off"].contains(value)
        default: break
        }
    }

    private mutating func change(
        _ definition: String?, _ instance: String?, _ level: Int?, _ body: (inout Level) -> Void
    ) {
        guard let level else { return }
        if let definition {
            body(&definitions[definition, default: [:]][level, default: Level()])
        } else if let instance {
            body(&instances[instance, default: ("", [:], [:])].overrides[level, default: Level()])
        }
    }

    /// The level that belongs to a paragraph style in a list.
    func level(of style: String, in list: String) -> Int? {
        levels(of: list).first { $0.value.style == style }?.key
    }

    private func levels(of list: String) -> [Int: Level] {
        guard let instance = instances[list] else { return [:] }
        return (definitions[key(of: instance.definition)] ?? [:]).merging(instance.overrides) { $1 }
    }

    private func key(of definition: String) -> String {
        linkedStyles[definition].flatMap { styleDefinitions[$0] } ?? definition
    }

    /// What stands in front of the next paragraph of this list, which it counts.
    mutating func nextMark(list: String, level: Int) -> Mark {
        guard let instance = instances[list], 0..<Self.levels ~= level else { return .bullet }
        let levels = levels(of: list)
        let key = key(of: instance.definition)
        var counter = counters[key] ?? Counter()
        if begun.insert(list).inserted {
            // A list that begins at a number of its own begins anew; else it goes on with what another one counted.
            for (place, start) in instance.starts { counter.numbers[place] = start - 1 }
        }
        for higher in 0..<level where counter.numbers[higher] == nil {
            counter.numbers[higher] = levels[higher]?.start ?? 1
        }
        let start = levels[level]?.start ?? 1
        let (number, isTooHigh) = (counter.numbers[level] ?? start - 1).addingReportingOverflow(1)
        counter.numbers[level] = isTooHigh ? start : number
        for lower in level + 1..<max(level + 1, Self.levels) {
            let restart = levels[lower]?.restart
            if restart == nil || (restart.map { $0 > level } ?? false) {
                counter.numbers[lower] = instance.starts[lower].map { $0 - 1 }
            }
        }
        counters[key] = counter
        guard let own = levels[level], own.format != "bullet" else { return .bullet }
        let label = Self.label(own, counter.numbers, levels).trimmed
        return label.isEmpty ? .none : .number(label)
    }

    private static func label(_ level: Level, _ numbers: [Int?], _ levels: [Int: Level]) -> String {
        var label = ""
        var rest = level.text[...]
        while let character = rest.popFirst() {
            guard character == "%", let digit = rest.first?.wholeNumberValue, 1...Self.levels ~= digit else {
                label.append(character)
                continue
            }
            rest.removeFirst()
            let place = digit - 1
            let number = numbers[place] ?? levels[place]?.start ?? 1
            let format = level.isLegal ? "decimal" : levels[place]?.format ?? "decimal"
            label += ListNumber.text(number, format: format)
        }
        // Characters of a font for pictures say nothing here.
        return label.unicodeScalars.contains { $0.properties.generalCategory == .privateUse } ? "" : label
    }
}
