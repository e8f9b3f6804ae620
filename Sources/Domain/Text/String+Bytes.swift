extension String {
    /// Whether both are the same UTF-8; `==` compares characters, however they are composed.
    package func hasSameBytes(as other: String) -> Bool {
        // Most texts differ in length or in the first look that `==` takes.
        utf8.count == other.utf8.count && self == other && utf8.elementsEqual(other.utf8)
    }
}

/// A text as a key of dictionaries and sets in which its bytes count.
package struct TextBytes: Hashable, Sendable {
    package let text: String

    package init(_ text: String) { self.text = text }

    package static func == (left: TextBytes, right: TextBytes) -> Bool { left.text.hasSameBytes(as: right.text) }

    package func hash(into hasher: inout Hasher) {
        var text = text
        text.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
    }
}
