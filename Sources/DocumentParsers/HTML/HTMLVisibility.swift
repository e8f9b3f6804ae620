/// Tells which elements of a page a reader would not miss or not see.
enum HTMLVisibility {
    /// Never text, wherever they are.
    private static let unreadable: Set<String> = [
        "head", "script", "style", "noscript", "template", "iframe", "object", "embed", "svg", "canvas", "audio",
        "video",
        "select", "datalist", "textarea", "input",
    ]
    private static let furniture: Set<String> = ["nav", "footer", "aside", "header"]
    private static let furnitureRoles: Set<String> = ["navigation", "banner", "contentinfo", "search"]

    static func isUnreadable(_ node: HTMLTree.Node, name: String) -> Bool {
        if unreadable.contains(name) { return true }
        guard node.hasAttributes else { return false }
        if node.attribute("hidden") != nil || node.attribute("aria-hidden")?.lowercased() == "true" { return true }
        guard let style = node.attribute("style")?.lowercased() else { return isReferenceMark(node, name: name) }
        let rules = style.filter { !$0.isWhitespace }
        return rules.contains("display:none") || rules.contains("visibility:hidden")
            || isReferenceMark(node, name: name)
    }

    /// Menus, side columns, page headers and footers. The header of an article or section stays: its title is in there.
    static func isFurniture(_ node: HTMLTree.Node, name: String) -> Bool {
        if let role = node.attribute("role")?.lowercased(), furnitureRoles.contains(role) { return true }
        guard furniture.contains(name) else { return false }
        return name != "header" || !isWithinSection(node)
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
