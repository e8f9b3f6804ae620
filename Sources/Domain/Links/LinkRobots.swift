/// How this server calls itself to others' web servers.
package enum LinkRobots {
    /// What a robots.txt addresses it by.
    package static let product = "Lectern"
    package static let userAgent = "Mozilla/5.0 (compatible; Lectern; reads pages that its users name)"
}
