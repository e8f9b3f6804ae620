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
        var entry: FeedEntry?
        for tag in MarkupTags(bytes) {
            if root == nil { root = Root(tag.name) }
            guard texts.count < Self.maximumCount else { break }
            switch root {
            case .sitemap: if tag.name == "loc" { texts.append(tag.text) }
            case .feed:
                switch tag.name {
                case "item", "entry": entry = FeedEntry()
                case "/item", "/entry":
                    texts += entry?.address.map { [$0] } ?? []
                    entry = nil
                default: entry?.add(tag)
                }
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
}

/// What a feed says of one entry. RSS has its address between tags, Atom in an attribute, and both have others that lead elsewhere.
private struct FeedEntry {
    private var link: String?
    /// RSS 2.0: the id of an item is its address unless it says otherwise.
    private var permalink: String?

    var address: String? { link ?? permalink }

    mutating func add(_ tag: MarkupTags.Tag) {
        let text = tag.text.trimmed
        switch tag.name {
        case "link" where link == nil:
            if let href = tag.attributes["href"] {
                if (tag.attributes["rel"] ?? "alternate").lowercased() == "alternate" { link = href }
            } else if !text.isEmpty {
                link = text
            }
        case "guid" where tag.attributes["ispermalink"]?.lowercased() != "false" && text.hasPrefix("http"):
            permalink = text
        default: break
        }
    }
}
