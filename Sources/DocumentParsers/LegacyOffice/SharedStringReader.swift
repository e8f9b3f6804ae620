/// The strings of all cells of a workbook of BIFF8, read over the borders of records ([MS-XLS] 2.4.265).
struct SharedStringReader {
    let parts: [ByteReader]
    private var part = 0
    private var offset = 8

    init(parts: [ByteReader]) { self.parts = parts }

    mutating func strings() -> [String] {
        let count = Int(parts.first?.uint32(4) ?? 0)
        var strings: [String] = []
        while strings.count < count, let string = string() { strings.append(CellString.cleaned(string)) }
        return strings
    }

    private mutating func string() -> String? {
        guard skipToData() else { return nil }
        var rest = Int(uint16())
        var isWide = uint8()
        let runs = isWide & 8 != 0 ? Int(uint16()) : 0
        let pronunciation = isWide & 4 != 0 ? Int(uint16()) | Int(uint16()) << 16 : 0
        var units: [UInt16] = []
        while rest > 0, part < parts.count {
            if offset >= parts[part].count {
                part += 1
                offset = 0
                guard part < parts.count else { break }
                isWide = uint8()
            }
            let width = isWide & 1 != 0 ? 2 : 1
            let fitting = min(rest, max(0, parts[part].count - offset) / width)
            for _ in 0..<fitting { units.append(width == 2 ? uint16() : UInt16(uint8())) }
            rest -= fitting
            // Half a character at the end of a record is none.
            if fitting == 0 { offset = parts[part].count }
        }
        skip(4 * runs + pronunciation)
        return String(decoding: units, as: UTF16.self)
    }

    private mutating func skipToData() -> Bool {
        while part < parts.count, offset >= parts[part].count {
            part += 1
            offset = 0
        }
        return part < parts.count
    }

    private mutating func uint8() -> UInt8 {
        guard skipToData() else { return 0 }
        offset += 1
        return parts[part].uint8(offset - 1)
    }

    private mutating func uint16() -> UInt16 {
        let low = uint8()
        return UInt16(low) | UInt16(uint8()) << 8
    }

    private mutating func skip(_ count: Int) {
        var rest = count
        while rest > 0, skipToData() {
            let step = min(rest, parts[part].count - offset)
            offset += step
            rest -= step
        }
    }
}
