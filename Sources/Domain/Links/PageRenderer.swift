/// Runs the scripts of pages, as a browser does, and reaches nothing by it that `LinkFetcher` would not.
package protocol PageRenderer: Sendable {
    /// A page as it is once its scripts have run.
    ///
    /// - Throws: `RenderingError`, `CancellationError`.
    func render(_ request: LinkRequest) async throws -> RenderedPage
}

package struct RenderedPage: Sendable, Equatable {
    /// Where its scripts have led.
    package var address: LinkAddress
    /// HTML.
    package var markup: String

    package init(address: LinkAddress, markup: String) {
        self.address = address
        self.markup = markup
    }
}

/// Why a page could not be rendered, as the end of a sentence for people; it names no address of the network behind this
/// server.
package struct RenderingError: Error, Sendable, Equatable {
    package let reason: String

    package init(_ reason: String) { self.reason = reason }
}
