/// Context windows of models as a table says them, by vendor and model.
package struct ModelWindowTable: Sendable, Equatable {
    /// In tokens of input; vendors and models as LiteLLM's table names them, models without their vendor's prefix.
    private var windows: [String: [String: Int]] = [:]

    package static let empty = ModelWindowTable()

    package init() {}

    /// - Parameter model: with its vendor's name and a slash before it, or without.
    package mutating func add(_ model: String, of vendor: String, window: Int) {
        let prefix = vendor + "/"
        let name = model.hasPrefix(prefix) ? String(model.dropFirst(prefix.count)) : model
        windows[vendor, default: [:]][name] = window
    }

    /// The first of `vendors` that lists the model counts.
    package func window(of model: String, by vendors: [String]) -> Int? {
        vendors.lazy.compactMap { windows[$0]?[model] }.first
    }

    package var isEmpty: Bool { windows.isEmpty }
}
