/// How much and how long the rendering of a page may take.
package struct RenderingLimits: Sendable {
    /// From the start of the browser to the page.
    package var total = Duration.seconds(90)
    /// From the start of the page until whatever is there by then is taken, also where the network never becomes quiet.
    package var settling = Duration.seconds(25)
    /// The same from when at most two requests are under way.
    package var nearlyQuiet = Duration.seconds(5)
    /// Bytes of the page's markup.
    package var maximumMarkup = 64 << 20
    /// Requests of the page itself; further ones fail.
    package var requests = 1000
    /// Memory of all processes of the browser together, in bytes; what they share counts for each.
    package var memory = 3 << 30
    /// Processes of the browser.
    package var processes = 48

    package init() {}
}
