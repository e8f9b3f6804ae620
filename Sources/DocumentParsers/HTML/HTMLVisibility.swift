/// Tells which elements of a page a reader would not miss or not see.
enum HTMLVisibility {
    /// Never text, wherever they are.
    private static let unreadable: Set<String> = [
        "head", "script", "style", "noscript", "template", "iframe", "object", "embed", "svg", "canvas", "audio",
        "video",
        "select", "datalist", "textarea", "input",
    ]
    /// These are menus; those hold menus, and the names, warnings and notes of a document as well.
    private static let menus: Set<String> = ["nav"]
    private static let margins: Set<String> = ["footer", "aside", "header"]
    private static let menuRoles: Set<String> = ["navigation", "search"]
    private static let marginRoles: Set<String> = ["banner", "contentinfo"]
    /// What DocBook's stylesheets and Publican put above and below each page: the titles of its neighbours.
    private static let pageNavigation: Set<String> = ["navheader", "navfooter", "docnav"]
    /// Of pages without `nav`, as far as it is links: some have their text in an element of such a class.
    private static let navigationClasses: Set<String> = [
        "nav", "navbar", "navigation", "navpath", "nav-links", "nav-panel", "topnav", "subnav", "bottomnav",
        "breadcrumb", "breadcrumbs", "pagination", "pager",
    ]

    static func isUnreadable(_ node: HTMLTree.Node, name: String) -> Bool {
        if unreadable.contains(name) { return true }
        guard node.hasAttributes else { return false }
        if node.attribute("hidden") != nil || node.attribute("aria-hidden")?.lowercased() == "true" { return true }
        guard let style = node.attribute("style")?.lowercased() else { return isReferenceMark(node, name: name) }
        let rules = style.filter { !$0.isWhitespace }
        return rules.contains("display:none") || rules.contains("visibility:hidden")
            || isReferenceMark(node, name: name)
    }

    /// Menus, and those side columns, page headers and footers that say little but where to go. The header of an article or section
    /// stays: its title is in there.
    static func isFurniture(_ node: HTMLTree.Node, name: String) -> Bool {
        let role = node.attribute("role")?.lowercased()
        if menus.contains(name) || role.map(menuRoles.contains) == true || isNavigationByClass(node) { return true }
        guard margins.contains(name) || role.map(marginRoles.contains) == true else { return false }
        if role?.hasPrefix("doc-") == true { return false }
        return !(name == "header" && isWithinSection(node)) && !saysSomething(node)
    }

    private static func isNavigationByClass(_ node: HTMLTree.Node) -> Bool {
        guard let classes = node.attribute("class")?.lowercased().split(whereSeparator: \.isWhitespace) else {
            return false
        }
        if classes.contains(where: { pageNavigation.contains(String($0)) }) { return true }
        return classes.contains { navigationClasses.contains(String($0)) } && !saysSomething(node)
    }

    /// Words that are no sentence: `Skip to content`, `All rights reserved`.
    private static let leastWords = 3
    private static let notices: Set<String> = ["©", "(c)", "copyright", "copyright:"]

    /// Whether it holds a heading, or more words outside its links than within.
    private static func saysSomething(_ node: HTMLTree.Node) -> Bool {
        var own = 0
        var linked = 0
        var hasHeading = false
        var first: String?
        HTMLTree.walk(
            node,
            enter: { child in
                if child.isText {
                    let words = String(decoding: child.characters, as: UTF8.self).split(whereSeparator: \.isWhitespace)
                    first = first ?? words.first.map { $0.lowercased() }
                    own += words.count
                    return false
                }
                guard child.isElement else { return false }
                let name = child.name
                if isUnreadable(child, name: name) || menus.contains(name) { return false }
                if name == "a" || name == "button" || name == "form" {
                    linked += child.collapsedText.split(separator: " ").count
                    return false
                }
                if ["h1", "h2", "h3"].contains(name), !child.collapsedText.isEmpty { hasHeading = true }
                return true
            }, leave: { _ in })
        if let first, notices.contains(first) { return false }
        return hasHeading && own > 0 || own >= leastWords && own > linked
    }

    private static func isWithinSection(_ node: HTMLTree.Node) -> Bool {
        var ancestor = node.parentElement
        for _ in 0..<32 {
            guard let current = ancestor else { return false }
            if ["article", "main", "section"].contains(current.name) { return true }
            ancestor = current.parentElement
        }
        return false
    }

    /// `[12]` beside a word, the list of what these numbers mean, and `[edit]` beside a heading, as encyclopedias have them.
    private static func isReferenceMark(_ node: HTMLTree.Node, name: String) -> Bool {
        guard ["sup", "span", "ol", "div"].contains(name), let classes = node.attribute("class")?.split(separator: " ")
        else { return false }
        switch name {
        case "sup": return classes.contains("reference")
        case "span": return classes.contains("mw-editsection")
        default: return classes.contains("references") || classes.contains("reflist")
        }
    }
}
