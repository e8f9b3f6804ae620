/// Reads one JSON value, or several one behind the other, without recursion; writes the text with its escapes resolved, and
/// finds which of its values are records.
///
/// Records are the elements of an array of objects or arrays, or the members of an object whose values are all objects,
/// wherever such a list is; a list within a record makes no records of its own.
struct JSONTextReader {
    /// Where each record begins in the output, in UTF-16 code units.
    private(set) var recordStarts: [Int] = []
    private(set) var output: [UInt8] = []

    private let bytes: UnsafeBufferPointer<UInt8>
    private var position = 0
    private var offset = 0
    private var open: [Container] = []
    private var lists: [List] = []

    private struct Container {
        var isObject: Bool
        var start: Int
        /// Where each value, or the name of each member, begins.
        var children: [Int] = []
        var composites = 0
        /// Where the name of the member begins whose value comes next.
        var name: Int?
    }

    private struct List {
        var start: Int
        var records: [Int]
    }

    /// Deeper than people nest.
    private static let deepest = 1000
    /// How deep lists of records are looked for: below that, they are parts of records.
    private static let deepestList = 8

    init(_ bytes: UnsafeBufferPointer<UInt8>) {
        self.bytes = bytes
        output.reserveCapacity(bytes.count)
    }

    /// - Returns: false where the text is no JSON.
    mutating func read() -> Bool {
        var values: [Int] = []
        skipSpace()
        while position < bytes.count {
            values.append(offset)
            guard readValue() else { return false }
            let end = position
            skipSpace()
            // Values follow one another only on lines of their own.
            if position < bytes.count, !bytes[end..<position].contains(0x0A) { return false }
        }
        if values.count > 1 {
            recordStarts = values
        } else {
            recordStarts = lists.flatMap(\.records)
        }
        return !values.isEmpty
    }

    private mutating func readValue() -> Bool {
        repeat {
            skipSpace()
            guard position < bytes.count else { return false }
            let byte = bytes[position]
            if byte == UInt8(ascii: "]") || byte == UInt8(ascii: "}") {
                guard isStillEmpty, close(byte), finishValue() else { return false }
            } else {
                guard readName(), beginValue() else { return false }
            }
        } while !open.isEmpty
        return true
    }

    /// Whether a bracket may close here: only an empty container is closed where a value could begin.
    private var isStillEmpty: Bool { open.last?.children.isEmpty ?? false }

    /// The name and colon of the next member, where the open container is an object.
    private mutating func readName() -> Bool {
        guard let container = open.last, container.isObject else { return true }
        open[open.count - 1].name = offset
        guard readString() else { return false }
        skipSpace()
        guard position < bytes.count, bytes[position] == UInt8(ascii: ":") else { return false }
        copy(1)
        skipSpace()
        return position < bytes.count
    }

    private mutating func beginValue() -> Bool {
        let base = open.count
        let byte = bytes[position]
        let isComposite = byte == UInt8(ascii: "{") || byte == UInt8(ascii: "[")
        if base > 0 {
            open[base - 1].children.append(open[base - 1].name ?? offset)
            let isRecord = open[base - 1].isObject ? byte == UInt8(ascii: "{") : isComposite
            if isRecord { open[base - 1].composites += 1 }
        }
        if isComposite {
            guard base < Self.deepest else { return false }
            open.append(Container(isObject: byte == UInt8(ascii: "{"), start: offset))
            copy(1)
            return true
        }
        guard byte == UInt8(ascii: "\"") ? readString() : readScalar() else { return false }
        return finishValue()
    }

    /// Reads the comma behind a value, or the brackets that close what it ends.
    private mutating func finishValue() -> Bool {
        while !open.isEmpty {
            skipSpace()
            guard position < bytes.count else { return false }
            switch bytes[position] {
            case UInt8(ascii: ","):
                copy(1)
                skipSpace()
                // Nothing closes behind a comma.
                guard position < bytes.count, bytes[position] != UInt8(ascii: "]"), bytes[position] != UInt8(ascii: "}")
                else { return false }
                return true
            case UInt8(ascii: "]"), UInt8(ascii: "}"):
                guard close(bytes[position]) else { return false }
            default: return false
            }
        }
        return true
    }

    private mutating func close(_ byte: UInt8) -> Bool {
        guard let container = open.popLast(), container.isObject == (byte == UInt8(ascii: "}")) else { return false }
        copy(1)
        let needed = container.isObject ? 3 : 1
        guard open.count < Self.deepestList, container.children.count >= needed,
            container.composites == container.children.count
        else { return true }
        // Of one element that holds lists itself, those are the lists.
        let holdsLists = lists.last.map { $0.start > container.start } ?? false
        guard container.children.count > 1 || !holdsLists else { return true }
        while let last = lists.last, last.start > container.start { lists.removeLast() }
        lists.append(List(start: container.start, records: container.children))
        return true
    }
}

// MARK: Strings, numbers and space

extension JSONTextReader {
    private mutating func copy(_ count: Int) {
        for byte in bytes[position..<position + count] { write(byte) }
        position += count
    }

    private mutating func write(_ byte: UInt8) {
        output.append(byte)
        if byte & 0xC0 != 0x80 { offset += byte >= 0xF0 ? 2 : 1 }
    }

    private mutating func skipSpace() {
        while position < bytes.count, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[position]) { copy(1) }
    }

    private mutating func readString() -> Bool {
        guard position < bytes.count, bytes[position] == UInt8(ascii: "\"") else { return false }
        copy(1)
        while position < bytes.count {
            let byte = bytes[position]
            switch byte {
            case UInt8(ascii: "\""):
                copy(1)
                return true
            case UInt8(ascii: "\\"): guard readEscape() else { return false }
            case 0..<0x20 where byte != 0x09: return false
            default: copy(1)
            }
        }
        return false
    }

    /// An escape that means a letter is written as that; the others say something that would be lost or would end the string.
    private mutating func readEscape() -> Bool {
        guard position + 1 < bytes.count else { return false }
        switch bytes[position + 1] {
        case UInt8(ascii: "/"):
            position += 1
            copy(1)
        case UInt8(ascii: "u"):
            guard let first = codeUnit(at: position) else { return false }
            let second = codeUnit(at: position + 6)
            if let scalar = Unicode.Scalar(UInt32(first)) {
                replace(6, by: scalar)
            } else if let second, first < 0xDC00, second >= 0xDC00, second < 0xE000 {
                let value = 0x10000 + (UInt32(first) - 0xD800) << 10 + UInt32(second) - 0xDC00
                replace(12, by: Unicode.Scalar(value) ?? "\u{FFFD}")
            } else {
                copy(6)
            }
        case let byte where "\"\\bfnrt".utf8.contains(byte): copy(2)
        default: return false
        }
        return true
    }

    private mutating func replace(_ count: Int, by scalar: Unicode.Scalar) {
        guard scalar.value >= 0x20, scalar != "\"", scalar != "\\", !(0x7F..<0xA0).contains(scalar.value) else {
            copy(count)
            return
        }
        for byte in Array(String(scalar).utf8) { write(byte) }
        position += count
    }

    /// The four digits of `\uXXXX`.
    private func codeUnit(at start: Int) -> UInt16? {
        guard start + 6 <= bytes.count, bytes[start] == UInt8(ascii: "\\"), bytes[start + 1] == UInt8(ascii: "u") else {
            return nil
        }
        var value: UInt16 = 0
        for byte in bytes[(start + 2)..<(start + 6)] {
            guard let digit = Character(Unicode.Scalar(byte)).hexDigitValue else { return nil }
            value = value << 4 | UInt16(digit)
        }
        return value
    }

    /// A number, `true`, `false` or `null`; the words that some programs write for numbers without end are let pass.
    private mutating func readScalar() -> Bool {
        let start = position
        while position < bytes.count, isScalarByte(bytes[position]) { copy(1) }
        let word = bytes[start..<position]
        guard let first = word.first else { return false }
        if 0x30...0x39 ~= first || first == UInt8(ascii: "-") {
            return word.dropFirst().allSatisfy { "0123456789+-.eEInfity".utf8.contains($0) }
        }
        return ["true", "false", "null", "NaN", "Infinity"].contains { $0.utf8.elementsEqual(word) }
    }

    private func isScalarByte(_ byte: UInt8) -> Bool {
        0x30...0x39 ~= byte || 0x61...0x7A ~= byte | 0x20 || "+-.".utf8.contains(byte)
    }
}
