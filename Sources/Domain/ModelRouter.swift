/// Chooses one of several language models for each question, by rules.
package struct ModelRouter: Sendable, Equatable {
    package let id: Int64
    package var settings: ModelRouterSettings
    package let createdAt: Timestamp
    package let lastUpdatedAt: Timestamp

    package init(id: Int64, settings: ModelRouterSettings, createdAt: Timestamp, lastUpdatedAt: Timestamp) {
        self.id = id
        self.settings = settings
        self.createdAt = createdAt
        self.lastUpdatedAt = lastUpdatedAt
    }
}

package struct ModelRouterSettings: Sendable, Equatable {
    package var name: String
    package var description: String?
    /// Where no rule holds; it is also the model that judges questions for rules that want a judgement.
    package var fallback: ModelRoute
    /// How long a conversation stays with the model that a rule has chosen, and with a judgement, in seconds.
    package var cooldownSeconds = 300
    /// Those with conditions are tried first, each kind in this order.
    package var rules: [RoutingRule] = []

    package init(name: String, fallback: ModelRoute) {
        self.name = name
        self.fallback = fallback
    }
}

/// A language model by its provider.
package struct ModelRoute: Sendable, Equatable {
    package var provider: String
    /// `nil` for the one that is set for the provider.
    package var model: String?

    package init(provider: String, model: String? = nil) {
        self.provider = provider
        self.model = model
    }
}

package struct RoutingRule: Sendable, Equatable {
    package enum Test: Sendable, Equatable {
        /// All of them hold, or any.
        case conditions([RoutingCondition], any: Bool)
        /// The fallback model finds that the question is as described.
        case judgement(String)
    }

    package var name: String
    package var isEnabled = true
    package var test: Test
    package var route: ModelRoute

    package init(name: String, test: Test, route: ModelRoute) {
        self.name = name
        self.test = test
        self.route = route
    }
}

package struct RoutingCondition: Sendable, Equatable {
    package enum Property: String, Sendable, CaseIterable {
        case promptContent
        /// Of the question and what was said before.
        case conversationTokenCount
        /// Of what was said before.
        case conversationMessageCount
        /// 0...23, where the server is.
        case currentHour
        case hasImageAttachment
    }

    package enum Comparator: String, Sendable, CaseIterable {
        /// One of several texts, with commas, in small letters or capitals.
        case contains
        /// A regular expression, which small letters and capitals are the same to.
        case matches
        case eq, neq, gt, gte, lt, lte
        /// Two numbers with a comma, both included; hours may go over midnight (`22,6`).
        case between
    }

    package var property: Property
    package var comparator: Comparator
    package var value: String

    package init(_ property: Property, _ comparator: Comparator, _ value: String) {
        self.property = property
        self.comparator = comparator
        self.value = value
    }
}
