import Domain

/// Text whose lines flow into paragraphs (RFC 3676): a line that ends with a space goes on in the next one.
enum FlowedText {
    /// - Parameter deletesSpaces: `DelSp=yes`, for languages that write no spaces: the space at the end is no part of the text.
    static func join(_ text: String, deletesSpaces: Bool) -> String {
        var result: [UInt8] = []
        var openDepth: Int?
        forEachLine(of: text) { line in
            var bytes = line.bytes[...]
            let depth = bytes.prefix { $0 == UInt8(ascii: ">") }.count
            bytes = bytes.dropFirst(depth)
            // A space that protects a line which begins with `>`, `From ` or a space.
            if bytes.first == 0x20 { bytes = bytes.dropFirst() }
            // The line before a signature ends with a space, and is never joined.
            let isSignatureMark = bytes.elementsEqual("-- ".utf8)
            if let open = openDepth, open == depth, !isSignatureMark {
                if deletesSpaces { result.removeLast() }
            } else {
                if !result.isEmpty || line.offset > 0 { result.append(0x0A) }
                result += repeatElement(UInt8(ascii: ">"), count: depth)
                if depth > 0, !bytes.isEmpty { result.append(0x20) }
            }
            result += bytes
            openDepth = bytes.last == 0x20 && !isSignatureMark ? depth : nil
        }
        return String(decoding: result, as: UTF8.self)
    }
}
