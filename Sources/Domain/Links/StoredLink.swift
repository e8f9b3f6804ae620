/// An address that documents were made of, and what is known of its checks since.
package struct StoredLink: Sendable, Equatable {
    /// That of the first of its documents.
    package var id: String
    package var address: LinkAddress
    /// What a client said of the documents, which holds for each version; `nil` where nobody has written that down.
    package var metadata: DocumentMetadata?
    /// Header fields that somebody wants sent again, encrypted; `nil` where there are none.
    package var sealedHeaders: String?
    /// Whether the robots.txt of its site must allow each check: the address was found, and named by nobody.
    package var obeysRobots: Bool
    /// By what the server recognises the version that the documents were made of.
    package var validators: LinkValidators?
    /// In whose name it is checked.
    package var caller: Caller
    package var createdAt: Timestamp
    /// When it is to be checked; `nil` where it is not watched.
    package var nextCheckAt: Timestamp?
    package var lastCheckedAt: Timestamp?
    package var lastChangedAt: Timestamp?
    /// Why the last check has come to nothing, for people; `nil` where it has not.
    package var lastError: String?
    /// Checks in a row that have failed because of what is behind the address.
    package var failureCount = 0

    package var isWatched: Bool { nextCheckAt != nil }

    package init(
        id: String, address: LinkAddress, metadata: DocumentMetadata?, sealedHeaders: String? = nil,
        obeysRobots: Bool = false, validators: LinkValidators? = nil, caller: Caller, createdAt: Timestamp = .now
    ) {
        self.id = id
        self.address = address
        self.metadata = metadata
        self.sealedHeaders = sealedHeaders
        self.obeysRobots = obeysRobots
        self.validators = validators
        self.caller = caller
        self.createdAt = createdAt
    }
}

/// Documents of links that are to be what is behind their addresses now.
package struct LinkRefresh: Sendable, Equatable {
    /// Ids of the links.
    package var links: [String]

    package init(links: [String]) { self.links = links }
}

/// What became of the links.
package struct LinkRefreshOutcome: Sendable, Equatable {
    /// In the order in which they were asked for.
    package var links: [Link]

    package init(links: [Link]) { self.links = links }

    package struct Link: Sendable, Equatable {
        /// Its id.
        package var link: String
        package var address: String
        /// Ids of its documents.
        package var documents: [String]
        /// Ids of those that have changed.
        package var changed: [String]
        /// Why it could not be refreshed, for people.
        package var error: String?

        package init(
            link: String, address: String, documents: [String] = [], changed: [String] = [], error: String? = nil
        ) {
            self.link = link
            self.address = address
            self.documents = documents
            self.changed = changed
            self.error = error
        }
    }
}
