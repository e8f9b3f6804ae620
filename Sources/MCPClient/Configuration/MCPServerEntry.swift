/// A server of the Model Context Protocol whose tools models are offered, as operators have configured it.
package struct MCPServerEntry: Sendable, Equatable {
    package enum Reach: Sendable, Equatable {
        /// A program that this one starts and speaks to over its standard input and output.
        ///
        /// - Parameter environment: what it has besides a few variables that every program has; no secret of this one's.
        case process(command: [String], environment: [String: String])
        /// An address that takes messages ("Streamable HTTP").
        case http(address: String, headers: [Header])
        /// An address of the transport before that one ("HTTP with SSE" of revision 2024-11-05).
        case events(address: String, headers: [Header])
    }

    package struct Header: Sendable, Equatable {
        package let name: String
        package let value: String

        package init(name: String, value: String) {
            self.name = name
            self.value = value
        }
    }

    package var name: String
    package var reach: Reach
    /// Names of tools that models are not offered.
    package var suppressedTools: Set<String>

    package init(name: String, reach: Reach, suppressedTools: Set<String> = []) {
        self.name = name
        self.reach = reach
        self.suppressedTools = suppressedTools
    }

    /// What must not be repeated to people or in logs.
    var secrets: [String] {
        switch reach {
        case .process(_, let environment): Array(environment.values)
        case .http(_, let headers), .events(_, let headers): headers.map(\.value)
        }
    }
}
