/// Lays out a page of HTML for paper.
package protocol PagePrinter: Sendable {
    /// - Parameter page: HTML that stands for itself: nothing is fetched for it and none of its scripts run.
    /// - Returns: a PDF file.
    /// - Throws: `RenderingError`, `CancellationError`.
    func pdf(of page: String) async throws -> [UInt8]
}
