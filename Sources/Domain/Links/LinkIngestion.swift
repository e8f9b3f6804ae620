/// An address whose content is to become a document.
package struct LinkIngestion: Sendable, Equatable {
    /// As it was named, without user name and password.
    package var address: LinkAddress
    /// The header fields that go along, encrypted; `nil` where there are none.
    package var sealedHeaders: String?
    package var folder: String
    package var metadata: DocumentMetadata
    /// Slugs, as the client sent them.
    package var workspaces: [String]
    /// The id that the document will have: given now, so that a job which runs twice makes one document.
    package var documentID: String
    /// What is to become of the address once there is a document of it.
    package var future = Future()

    package struct Future: Sendable, Equatable {
        /// Whether it is watched.
        package var isWatched = false
        /// Whether the header fields are kept for later checks.
        package var keepsHeaders = false
        /// Whether later checks ask the robots.txt of its site.
        package var obeysRobots = false

        package init(isWatched: Bool = false, keepsHeaders: Bool = false, obeysRobots: Bool = false) {
            self.isWatched = isWatched
            self.keepsHeaders = keepsHeaders
            self.obeysRobots = obeysRobots
        }
    }

    package init(
        address: LinkAddress, sealedHeaders: String?, folder: String, metadata: DocumentMetadata, workspaces: [String],
        documentID: String = UUIDText.random()
    ) {
        self.address = address
        self.sealedHeaders = sealedHeaders
        self.folder = folder
        self.metadata = metadata
        self.workspaces = workspaces
        self.documentID = documentID
    }
}

/// Several addresses whose content is to become documents, and what they lead to.
package struct LinkCrawl: Sendable, Equatable {
    package var addresses: [LinkAddress]
    /// What holds for each; its address is the first one's.
    package var template: LinkIngestion
    /// How many links away from these addresses pages may be; sitemaps and feeds are no step.
    package var depth: Int
    /// Documents at most.
    package var maximumLinks: Int
    /// What was sent beside these addresses, and why it is none.
    package var refusals: [Refusal] = []

    /// An element of a list of links that is none.
    package struct Refusal: Error, Sendable, Equatable {
        /// In the list, from 0.
        package var position: Int
        /// As it was written, without user name and password.
        package var link: String
        /// Why, for people.
        package var error: String

        package init(position: Int = 0, link: String, error: String) {
            self.position = position
            self.link = link
            self.error = error
        }

        /// What became of those that were fetched, with these where they stood in the list.
        package static func outcome(
            _ links: [LinkCrawlOutcome.Link], and refusals: [Refusal]
        ) -> LinkCrawlOutcome {
            var links = links
            for refusal in refusals {
                links.insert(
                    .init(address: refusal.link, outcome: nil, error: refusal.error),
                    at: min(refusal.position, links.count))
            }
            return LinkCrawlOutcome(links: links)
        }
    }

    package init(addresses: [LinkAddress], template: LinkIngestion, depth: Int, maximumLinks: Int) {
        self.addresses = addresses
        self.template = template
        self.depth = depth
        self.maximumLinks = maximumLinks
    }

    /// The ingestion of one of the addresses: the same each time the job runs.
    package func ingestion(of address: LinkAddress) -> LinkIngestion {
        var ingestion = template
        ingestion.address = address
        ingestion.documentID = UUIDText.derived(from: "\(template.documentID)/\(address.requested)")
        return ingestion
    }
}

/// What became of the addresses of a crawl.
package struct LinkCrawlOutcome: Sendable, Equatable {
    /// In the order in which they were tried.
    package var links: [Link]

    package init(links: [Link]) { self.links = links }

    package struct Link: Sendable, Equatable {
        package var address: String
        /// `nil` where it could not be fetched or read.
        package var outcome: IngestionOutcome?
        /// Why, for people.
        package var error: String?

        package init(address: String, outcome: IngestionOutcome?, error: String?) {
            self.address = address
            self.outcome = outcome
            self.error = error
        }
    }
}
