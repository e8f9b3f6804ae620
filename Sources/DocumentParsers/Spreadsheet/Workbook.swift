import Domain

/// The list of a workbook's sheets (ECMA-376 part 1, 18.2).
struct Workbook {
    struct Sheet {
        let name: String
        let relationship: String
    }

    private(set) var sheets: [Sheet] = []
    private(set) var epoch = SerialDate.Epoch.year1900

    init(_ content: [UInt8]) throws(ParseError) {
        let cursor = try XMLCursor(content)
        while let event = try cursor.next() {
            guard case .start(let element) = event else { continue }
            switch element.name {
            case "workbookPr":
                if ["1", "true"].contains(element.attributes["date1904"]) { epoch = .year1904 }
            case "sheet":
                guard let id = element.attributes["r:id"] else { continue }
                sheets.append(Sheet(name: element.attributes["name"] ?? "", relationship: id))
                guard sheets.count <= WorkbookLimits.maximumSheets else {
                    throw .tooLarge("it has more than \(WorkbookLimits.maximumSheets) sheets")
                }
            default: break
            }
        }
    }
}
