import Domain
import Foundation

/// The addresses of a page's links and images, as somebody can follow them who only has the text.
struct HTMLAddresses {
    private let base: URL?

    /// Longer ones are tracking data and pictures in themselves.
    private static let longest = 200

    /// - Parameter page: where the page is from; without it, what its links give relative to it leads nowhere.
    init(page: LinkAddress?) { base = page.flatMap { URL(string: $0.base) } }

    /// The same, unless the page itself says what its addresses are relative to (HTML Standard, section 4.2.3).
    init(page: LinkAddress?, in tree: HTMLTree) {
        let declared = HTMLTree.elements(below: tree.root, limit: 1) {
            $0.name == "base" && $0.attribute("href") != nil
        }
        let plain = HTMLAddresses(page: page)
        base = declared.first?.attribute("href").flatMap { plain.url($0) } ?? plain.base
    }

    /// - Returns: nil for the page itself and places within it, for scripts, and for what is no address of the web.
    func link(of node: HTMLTree.Node) -> String? {
        guard let reference = node.attribute("href")?.trimmed, !reference.isEmpty, !reference.hasPrefix("#") else {
            return nil
        }
        return address(reference)
    }

    /// An image as Markdown, by the words that describe it or the name of its file; only the words where it has no address.
    /// - Returns: nil for pictures that show a state or a face.
    func image(of node: HTMLTree.Node) -> String? {
        let words = node.attribute("alt")?.split(whereSeparator: \.isWhitespace).joined(separator: " ") ?? ""
        guard let source = node.attribute("src"), let address = address(source) else {
            return words.isEmpty ? nil : words
        }
        let lowered = address.lowercased()
        if Self.ornaments.contains(where: { lowered.contains($0) }) { return nil }
        let path = lowered.split(separator: "?", maxSplits: 1).first ?? ""
        let name = words.isEmpty ? path.split(separator: "/").last.map(String.init) ?? "" : words
        return name.isEmpty ? nil : "![\(name)](\(address))"
    }

    private static let ornaments = ["badge", "shields.io", "avatar", "gravatar"]

    private func address(_ reference: String) -> String? {
        guard let text = url(reference)?.absoluteString else { return nil }
        // Brackets and spaces would end the address in Markdown.
        guard text.utf8.count < Self.longest, !text.contains(where: { " ()<>".contains($0) }) else { return nil }
        return text
    }

    /// What a reference means here; nil where that is no address of the web.
    private func url(_ reference: String) -> URL? {
        let reference = reference.filter { !$0.isNewline && $0 != "\t" }.trimmed
        guard reference.utf8.count < Self.longest, let url = URL(string: reference, relativeTo: base)?.absoluteURL,
            ["http", "https"].contains(url.scheme?.lowercased()), url.host()?.isEmpty == false
        else { return nil }
        return url
    }
}
