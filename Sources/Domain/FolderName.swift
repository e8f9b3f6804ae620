/// What a folder is called: any words of people, on one level. Never a path on a disk.
package struct FolderName: Sendable, Hashable {
    /// As its maker wrote it, in the composed normal form.
    package let text: String
    /// The same for names that look alike, which are one folder.
    package let key: String

    /// Where documents go that are put nowhere else. It is never removed.
    package static let standard = "custom-documents"

    package var isStandard: Bool { key == Self.standard }

    /// The name of a folder that there may be; `nil` where no folder is called so. White space around it does not count.
    package init?(_ text: String) {
        let composed = text.composed.trimmed
        guard DocumentPath.isSegment(composed) else { return nil }
        self.init(unchecked: composed)
    }

    /// The name of a folder that may be made.
    ///
    /// - Throws: what is wrong with it.
    package init(new text: String) throws(Flaw) {
        let name = text.trimmed
        let segments = name.split(separator: "/")
        guard !segments.allSatisfy({ $0 == "." }) else { throw .nothing }
        guard !segments.allSatisfy({ $0 == "." || $0 == ".." }) else { throw .outside }
        guard !name.contains("/"), !name.contains("\\") else { throw .unfit("a folder lies in no other one") }
        guard name.composed.utf8.count <= 255 else { throw .unfit("it is longer than 255 bytes") }
        guard let valid = FolderName(name), !valid.key.isEmpty, !name.holdsControlCharacters else {
            throw .unfit("it holds control characters")
        }
        guard !valid.key.hasPrefix(".") else { throw .unfit("it begins with a dot") }
        let ending = valid.key.suffix(5).lowercased()
        guard !ending.hasSuffix(".md"), ending != ".json" else { throw .unfit("it ends like a file") }
        self = valid
    }

    private init(unchecked text: String) {
        self.text = text
        key = text.lookalikeKey
    }

    package static func == (left: FolderName, right: FolderName) -> Bool { left.key == right.key }

    package func hash(into hasher: inout Hasher) { hasher.combine(key) }

    /// Why no folder can be called so.
    package enum Flaw: Error, Equatable {
        /// It is empty, or says no more than "here".
        case nothing
        /// It leads out of where it stands.
        case outside
        /// For people, as the rest of a sentence.
        case unfit(String)
    }
}
