import Domain

/// Finds the part of a page that is its content, and renders it.
enum HTMLContent {
    /// The single article, else the main element, else all of the page; a narrower choice must hold at least half of what
    /// the whole page has, so that a teaser or a comment which calls itself an article never replaces the page.
    ///
    /// - Parameter page: where the page is from; links relative to it are resolved.
    static func render(_ tree: HTMLTree, page: LinkAddress? = nil) -> MarkdownWriter {
        let addresses = HTMLAddresses(page: page, in: tree)
        func render(_ top: HTMLTree.Node, dropsPageFurniture: Bool) -> MarkdownWriter {
            var renderer = HTMLRenderer(dropsPageFurniture: dropsPageFurniture, addresses: addresses)
            return renderer.render(top)
        }
        let whole = render(tree.root, dropsPageFurniture: true)
        for candidate in candidates(in: tree) {
            let part = render(candidate, dropsPageFurniture: true)
            if !part.isEmpty, part.byteCount * 2 >= whole.byteCount { return part }
        }
        // A page may consist of what is usually left out.
        return whole.isEmpty ? render(tree.root, dropsPageFurniture: false) : whole
    }

    private static func candidates(in tree: HTMLTree) -> [HTMLTree.Node] {
        let articles = HTMLTree.elements(below: tree.root, limit: 2) { $0.name == "article" }
        let mains = HTMLTree.elements(below: tree.root, limit: 1) { node in
            node.name == "main" || node.attribute("role")?.lowercased() == "main"
        }
        return (articles.count == 1 ? articles : []) + mains
    }
}
