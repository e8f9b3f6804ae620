import Domain

/// A workbook of Excel 5 to 2003: records of BIFF5 or BIFF8 in a stream ([MS-XLS]).
struct BinaryWorkbook {
    struct Sheet {
        let name: String
        let offset: Int
    }

    private enum Record {
        static let formula: UInt16 = 0x0006
        static let endOfFile: UInt16 = 0x000A
        static let dateMode: UInt16 = 0x0022
        static let filePassword: UInt16 = 0x002F
        static let continuation: UInt16 = 0x003C
        static let codePage: UInt16 = 0x0042
        static let boundSheet: UInt16 = 0x0085
        static let multipleRK: UInt16 = 0x00BD
        static let richString: UInt16 = 0x00D6
        static let extendedFormat: UInt16 = 0x00E0
        static let sharedStrings: UInt16 = 0x00FC
        static let labelOfShared: UInt16 = 0x00FD
        static let number: UInt16 = 0x0203
        static let label: UInt16 = 0x0204
        static let booleanOrError: UInt16 = 0x0205
        static let string: UInt16 = 0x0207
        static let rk: UInt16 = 0x027E
        static let format: UInt16 = 0x041E
        static let beginning: UInt16 = 0x0809
    }

    private let bytes: ByteReader
    private var isUnicode = true
    /// Of strings before BIFF8.
    private var codePage = "CP1252"
    private(set) var sheets: [Sheet] = []
    private var context = WorkbookContext()

    /// - Throws: `.encrypted` where it needs a password.
    init(_ stream: [UInt8]) throws(ParseError) {
        bytes = ByteReader(stream)
        var codes: [Int: String] = [:]
        var formats: [Int] = []
        var offset = 0
        while let record = record(at: offset), record.type != Record.endOfFile {
            let data = record.data
            switch record.type {
            case Record.beginning: isUnicode = data.uint16(0) >= 0x0600
            case Record.filePassword: throw .encrypted
            case Record.dateMode: context.epoch = data.uint16(0) == 1 ? .year1904 : .year1900
            // 32768 and up are signs of their own: of the Macintosh, and of Windows in the West.
            case Record.codePage: if (437..<32_768).contains(data.uint16(0)) { codePage = "CP\(data.uint16(0))" }
            case Record.format:
                codes[Int(data.uint16(0))] =
                    isUnicode ? unicode(data, 2, lengthBytes: 2) : western(data, 3, count: Int(data.uint8(2)))
            case Record.extendedFormat: formats.append(Int(data.uint16(2)))
            case Record.boundSheet:
                // Of kind 0 are sheets of cells; others are charts and macros.
                guard data.uint8(5) == 0 else { break }
                let name = isUnicode ? unicode(data, 6, lengthBytes: 1) : western(data, 7, count: Int(data.uint8(6)))
                sheets.append(Sheet(name: name, offset: Int(data.uint32(0))))
            case Record.sharedStrings: context.strings = sharedStrings(at: offset)
            default: break
            }
            offset = record.end
        }
        guard sheets.count <= WorkbookLimits.maximumSheets else {
            throw .tooLarge("it has more than \(WorkbookLimits.maximumSheets) sheets")
        }
        let known = codes.mapValues { NumberFormat($0) }
        context.styles = SpreadsheetStyles(
            formats: formats.map { known[$0] ?? NumberFormat(BuiltInNumberFormats.code($0)) })
    }

    private func record(at offset: Int) -> (type: UInt16, data: ByteReader, end: Int)? {
        guard offset >= 0, offset + 4 <= bytes.count else { return nil }
        let length = Int(bytes.uint16(offset + 2))
        return (bytes.uint16(offset), ByteReader(bytes.slice(offset + 4, length)), offset + 4 + length)
    }

    // MARK: Cells

    func text(of sheet: Sheet, limits: ParseLimits) throws(ParseError) -> SheetText {
        var rows: [Int: [Int: SheetCell]] = [:]
        var depth = 0
        var offset = sheet.offset
        var formulaOfText: (row: Int, column: Int)?
        func put(_ row: Int, _ column: Int, _ shown: (text: String, kind: SheetCell.Kind)) {
            guard !shown.text.isEmpty else { return }
            rows[row, default: [:]][column] = SheetCell(column: column, text: shown.text, kind: shown.kind)
        }
        while let record = record(at: offset) {
            offset = record.end
            let data = record.data
            let (row, column, style) = (Int(data.uint16(0)), Int(data.uint16(2)), Int(data.uint16(4)))
            switch record.type {
            case Record.beginning: depth += 1
            case Record.endOfFile: depth -= 1
            // Charts lie within the sheet as streams of their own.
            case _ where depth != 1: break
            case Record.number: put(row, column, context.shown(data.double(6), style: style))
            case Record.rk: put(row, column, context.shown(Self.number(rk: data.uint32(6)), style: style))
            case Record.multipleRK:
                for index in 0..<max(0, (data.count - 6) / 6) {
                    let place = 4 + 6 * index
                    let value = Self.number(rk: data.uint32(place + 2))
                    put(row, column + index, context.shown(value, style: Int(data.uint16(place))))
                }
            case Record.labelOfShared:
                let index = Int(data.uint32(6))
                if context.strings.indices.contains(index) { put(row, column, (context.strings[index], .word)) }
            case Record.label, Record.richString:
                let text = isUnicode ? unicode(data, 6, lengthBytes: 2) : western(data, 8, count: Int(data.uint16(6)))
                put(row, column, (CellString.cleaned(text), .word))
            case Record.booleanOrError:
                put(row, column, (Self.constant(data.uint8(6), isError: data.uint8(7) != 0), .value))
            case Record.formula:
                formulaOfText = nil
                guard data.uint16(12) == 0xFFFF else {
                    put(row, column, context.shown(data.double(6), style: style))
                    break
                }
                switch data.uint8(6) {
                case 0: formulaOfText = (row, column)
                case 1: put(row, column, (Self.constant(data.uint8(8), isError: false), .value))
                case 2: put(row, column, (Self.constant(data.uint8(8), isError: true), .value))
                default: break
                }
            case Record.string:
                guard let place = formulaOfText else { break }
                formulaOfText = nil
                let text = isUnicode ? unicode(data, 0, lengthBytes: 2) : western(data, 2, count: Int(data.uint16(0)))
                put(place.row, place.column, (CellString.cleaned(text), .word))
            default: break
            }
            if depth <= 0 { break }
        }
        var text = SheetText(limits: limits)
        for (row, cells) in rows.sorted(by: { $0.key < $1.key }) {
            try text.write(row: row + 1, cells: cells.values.sorted { $0.column < $1.column })
        }
        return text
    }

    /// 30 bits of a whole number or of the upper half of a floating-point one, perhaps to be divided by 100 (2.5.217).
    private static func number(rk: UInt32) -> Double {
        let value = rk & 2 != 0 ? Double(Int32(bitPattern: rk) >> 2) : Double(bitPattern: UInt64(rk & ~3) << 32)
        return rk & 1 != 0 ? value / 100 : value
    }

    private static func constant(_ code: UInt8, isError: Bool) -> String {
        guard isError else { return code == 0 ? "FALSE" : "TRUE" }
        let names: [UInt8: String] = [
            0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?", 0x24: "#NUM!",
            0x2A: "#N/A",
        ]
        return names[code] ?? "#N/A"
    }

    // MARK: Strings

    /// A string with its length in front, and a byte that tells whether its characters take one byte or two.
    private func unicode(_ data: ByteReader, _ offset: Int, lengthBytes: Int) -> String {
        let count = lengthBytes == 2 ? Int(data.uint16(offset)) : Int(data.uint8(offset))
        let flags = data.uint8(offset + lengthBytes)
        let start = offset + lengthBytes + 1
        if flags & 1 != 0 { return data.utf16(start, count: count) }
        return String(decoding: data.slice(start, count).map(UInt16.init), as: UTF16.self)
    }

    private func western(_ data: ByteReader, _ offset: Int, count: Int) -> String {
        LegacyEncoding.other(codePage).decode(Array(data.slice(offset, count))) ?? ""
    }

    /// The strings of all cells. The record goes on in others, which may begin in the middle of a string: then a byte in front
    /// says anew how wide the characters are (2.5.293).
    private func sharedStrings(at offset: Int) -> [String] {
        var parts: [ByteReader] = []
        var next = offset
        while let record = record(at: next), parts.isEmpty || record.type == Record.continuation {
            parts.append(record.data)
            next = record.end
        }
        var reader = SharedStringReader(parts: parts)
        return reader.strings()
    }
}
