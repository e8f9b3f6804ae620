import Domain

/// The addresses that a page, a sitemap or a feed leads to.
struct FoundLinks {
    /// Whether it is nothing but a list of addresses, which is no document itself.
    let isList: Bool
    let addresses: [LinkAddress]

    /// Bytes of a page or a list that are looked through.
    static let maximumBytes = 8 << 20
    /// Of one page or list.
    private static let maximumCount = 10_000

    /// - Parameter address: of the page, which relative addresses start from.
    init(in bytes: [UInt8], at address: LinkAddress) {
        var texts: [String] = []
        var base = address
        var root: Root?
        var refusesFollowing = false
        for tag in MarkupTags(bytes) {
            if root == nil { root = Root(tag.name) }
            guard texts.count < Self.maximumCount else { break }
            switch root {
            case .sitemap: if tag.name == "loc" { texts.append(tag.text) }
            case .feed: texts += Self.feedLink(tag).map { [$0] } ?? []
            case .page, nil:
                switch tag.name {
                case "base": base = tag.attributes["href"].flatMap { address.resolving($0.resolvingReferences) } ?? base
                case "meta" where tag.attributes["name"]?.lowercased() == "robots":
                    let words = tag.attributes["content"]?.lowercased() ?? ""
                    if words.contains("nofollow") || words.contains("none") { refusesFollowing = true }
                case "a" where tag.attributes["rel"]?.lowercased().contains("nofollow") != true:
                    texts += tag.attributes["href"].map { [$0] } ?? []
                default: break
                }
            }
        }
        isList = root == .sitemap || root == .feed
        addresses = refusesFollowing ? [] : texts.compactMap { base.resolving($0.resolvingReferences) }.unique
    }

    private enum Root {
        case page, sitemap, feed

        init?(_ name: String) {
            switch name {
            case "urlset", "sitemapindex": self = .sitemap
            case "rss", "feed", "rdf": self = .feed
            case "html", "head", "body", "div", "p", "a": self = .page
            default: return nil
            }
        }
    }

    /// RSS has the address between tags, Atom in an attribute, and both have others that lead to themselves.
    private static func feedLink(_ tag: MarkupTags.Tag) -> String? {
        guard tag.name == "link" else { return nil }
        if let href = tag.attributes["href"] {
            return (tag.attributes["rel"] ?? "alternate").lowercased() == "alternate" ? href : nil
        }
        let text = tag.text.trimmed
        return text.isEmpty ? nil : text
    }
}
