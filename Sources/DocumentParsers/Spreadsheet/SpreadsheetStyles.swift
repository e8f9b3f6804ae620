import Domain

/// The number formats of a workbook's cells (ECMA-376 part 1, 18.8).
struct SpreadsheetStyles {
    /// By the number of a cell's style.
    private var formats: [NumberFormat] = []

    init(formats: [NumberFormat] = []) { self.formats = formats }

    init(_ content: [UInt8]) throws(ParseError) {
        let cursor = try XMLCursor(content)
        var codes: [Int: String] = [:]
        var known: [Int: NumberFormat] = [:]
        var isInCells = false
        while let event = try cursor.next() {
            switch event {
            case .start(let element):
                switch element.name {
                case "numFmt":
                    // Those of conditional formats stand outside the list, with numbers of the same kind.
                    if let id = Self.number(element, "numFmtId"), codes[id] == nil {
                        codes[id] = element.attributes["formatCode"] ?? ""
                    }
                case "cellXfs": isInCells = true
                case "xf" where isInCells:
                    let id = Self.number(element, "numFmtId") ?? 0
                    let format = known[id] ?? NumberFormat(codes[id] ?? BuiltInNumberFormats.code(id))
                    known[id] = format
                    formats.append(format)
                default: break
                }
            case .end(let name, _): if name == "cellXfs" { isInCells = false }
            case .text: break
            }
        }
    }

    func format(_ style: Int) -> NumberFormat { formats.indices.contains(style) ? formats[style] : .general }

    private static func number(_ element: XMLCursor.Element, _ name: String) -> Int? {
        element.attributes[name].flatMap { Int($0) }
    }
}

/// The formats that a workbook refers to without writing them down (ECMA-376 part 1, 18.8.30).
enum BuiltInNumberFormats {
    private static let codes: [Int: String] = [
        0: "General", 1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 5: "$#,##0;-$#,##0", 6: "$#,##0;-$#,##0",
        7: "$#,##0.00;-$#,##0.00", 8: "$#,##0.00;-$#,##0.00", 9: "0%", 10: "0.00%", 11: "0.00E+00", 12: "# ?/?",
        13: "# ??/??", 14: "yyyy-mm-dd", 15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy", 18: "h:mm AM/PM",
        19: "h:mm:ss AM/PM", 20: "h:mm", 21: "h:mm:ss", 22: "yyyy-mm-dd h:mm", 37: "#,##0;-#,##0", 38: "#,##0;-#,##0",
        39: "#,##0.00;-#,##0.00", 40: "#,##0.00;-#,##0.00", 41: "#,##0;-#,##0", 42: "$#,##0;-$#,##0",
        43: "#,##0.00;-#,##0.00", 44: "$#,##0.00;-$#,##0.00", 45: "mm:ss", 46: "[h]:mm:ss", 47: "mm:ss.0",
        48: "##0.0E+0", 49: "@",
    ]
    /// Dates, and some times, of East Asian versions; what exactly depends on the language of the program.
    private static let eastAsian = [27...36, 50...58]
    private static let eastAsianTimes: Set<Int> = [32, 33]

    static func code(_ id: Int) -> String {
        if let code = codes[id] { return code }
        guard eastAsian.contains(where: { $0.contains(id) }) else { return "General" }
        return eastAsianTimes.contains(id) ? "h:mm:ss" : "yyyy-mm-dd"
    }
}
