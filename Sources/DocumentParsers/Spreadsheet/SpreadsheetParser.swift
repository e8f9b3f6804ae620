import Domain

/// Workbooks of Excel (XLSX: SpreadsheetML, ECMA-376 part 1, chapter 18): a document for each sheet that is not empty, also for
/// hidden ones, in the order of the workbook.
///
/// The rows are lines of CSV with the numbers that they have in the sheet, the cells as they are shown: dates as ISO 8601,
/// of formulas the results. A merged cell stands where its upper left corner is. Charts, comments and pictures are left out.
struct SpreadsheetParser: DocumentParser {
    func parse(_ input: ParserInput) throws(ParseError) -> [ParsedDocument] {
        let archive = ZipArchive(try input.bytes(), limits: input.limits)
        let main = try OpenPackage(archive: archive).mainPart(fallback: "xl/workbook.xml")
        guard !main.lowercased().hasSuffix(".bin") else {
            throw .corrupt("it is a binary workbook (XLSB), which is not supported; save it as XLSX")
        }
        // What is small comes first, as it says what the rest is; the sheets are unpacked one by one.
        let outline = try PackageParts(of: archive) { $0.hasSuffix(".rels") || $0 == PackageParts.key(main) }
        guard let content = outline[main] else { throw .corrupt("it holds no workbook") }
        let workbook = try Workbook(content)
        let relationships = try outline.relationships(of: main)
        let tables = try tables(of: workbook, relationships, outline)
        let names = relationships.values.filter { ["sharedStrings", "styles"].contains($0.type) }.map(\.target)
        let wanted = Set((names + tables.values + [OpenPackage.coreProperties]).map(PackageParts.key))
        var parts = try PackageParts(of: archive, where: wanted.contains)
        let properties = OpenPackage.properties(of: parts)

        var context = WorkbookContext(epoch: workbook.epoch)
        for relationship in relationships.values {
            switch relationship.type {
            case "sharedStrings": context.strings = try parts.remove(relationship.target).map(SharedStrings.read) ?? []
            case "styles":
                context.styles =
                    try parts.remove(relationship.target).map(SpreadsheetStyles.init) ?? SpreadsheetStyles()
            default: break
            }
        }
        var sheets = SheetCollector(context: context, limits: input.limits)
        for sheet in workbook.sheets {
            guard let part = relationships[sheet.relationship], part.type == "worksheet" else { continue }
            let table = tables[sheet.relationship].flatMap { parts[$0] }
            sheets.expect(sheet.name, part: part.target, headerRow: try table.flatMap(headerRow))
        }
        var readCount = 0
        try archive.forEachContent(where: sheets.isExpected) { name, content throws(ParseError) in
            try sheets.read(content, of: name)
            readCount += 1
            input.report(readCount, of: sheets.count)
            return true
        }
        return try sheets.documents(properties)
    }

    /// The first table of each sheet, by the sheet's relationship.
    private func tables(
        of workbook: Workbook, _ relationships: [String: OpenPackage.Relationship], _ outline: PackageParts
    ) throws(ParseError) -> [String: String] {
        var tables: [String: String] = [:]
        for sheet in workbook.sheets {
            guard let part = relationships[sheet.relationship], part.type == "worksheet" else { continue }
            let all = try outline.relationships(of: part.target).values.filter { $0.type == "table" }
            tables[sheet.relationship] = all.map(\.target).min()
        }
        return tables
    }

    /// The row that names the columns of a table.
    private func headerRow(_ table: [UInt8]) throws(ParseError) -> Int? {
        let cursor = try XMLCursor(table)
        guard case .start(let element)? = try cursor.next(), element.attributes["headerRowCount"] != "0" else {
            return nil
        }
        return element.attributes["ref"].flatMap { CellReference.row(of: $0) }
    }
}

/// Reads the sheets of a workbook in the order in which they lie in the file, and puts them in that of the workbook.
private struct SheetCollector {
    private let context: WorkbookContext
    private let limits: ParseLimits
    private var expected: [(name: String, headerRow: Int?)] = []
    private var places: [String: Int] = [:]
    private var found: [Int: ParsedDocument] = [:]
    private var damaged: [(name: String, error: ParseError)] = []
    private var textBytes = 0
    private var blankRows = 0

    init(context: WorkbookContext, limits: ParseLimits) {
        self.context = context
        self.limits = limits
    }

    /// A part is read once, whatever number of sheets claims it.
    mutating func expect(_ name: String, part: String, headerRow: Int?) {
        let key = PackageParts.key(part)
        guard places[key] == nil else { return }
        places[key] = expected.count
        expected.append((name, headerRow))
    }

    var count: Int { expected.count }

    func isExpected(_ part: String) -> Bool { places[PackageParts.key(part)] != nil }

    mutating func read(_ content: [UInt8], of part: String) throws(ParseError) {
        guard let place = places[PackageParts.key(part)], found[place] == nil else { return }
        let sheet = expected[place]
        var reader = SheetReader(context: context, limits: limits)
        do {
            try reader.read(content)
        } catch {
            // One damaged sheet does not spoil the others.
            guard case .corrupt = error else { throw error }
            return damaged.append((sheet.name, error))
        }
        textBytes += reader.text.byteCount
        blankRows += reader.text.blankRows
        guard textBytes <= limits.maximumTextBytes else { throw FileBytes.tooMuchText(limits) }
        guard blankRows <= WorkbookLimits.blankRows else { throw .tooLarge("it has millions of blank rows") }
        found[place] = reader.text.document(named: sheet.name, headerRow: sheet.headerRow ?? reader.filteredRow)
    }

    /// - Throws: `.empty` where no sheet holds anything.
    func documents(_ properties: OpenPackage.Properties) throws(ParseError) -> [ParsedDocument] {
        var documents = expected.indices.compactMap { found[$0] }
        guard !documents.isEmpty else { throw damaged.first?.error ?? .empty }
        for index in documents.indices {
            documents[index].author = properties.author
            documents[index].publishedMilliseconds = properties.created.flatMap(DocumentDate.milliseconds)
        }
        documents[0].warnings = damaged.map { "The sheet \($0.name) could not be read: its XML is damaged." }
        return documents
    }
}
