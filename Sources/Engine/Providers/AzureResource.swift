import Domain

/// A resource of Azure OpenAI, as people copy its address out of Azure's portal.
///
/// The address may be the resource alone, with `/openai/v1` behind it, or that of a deployment,
/// `https://name.openai.azure.com/openai/deployments/gpt-4o/chat/completions?api-version=2024-10-21`. One that names a deployment or
/// an API version is asked deployment by deployment, every other one by the API that has no versions.
struct AzureResource {
    /// The latest that is no preview (of Azure's page on the life cycle of its API).
    private static let latestVersion = "api-version=2024-10-21"

    private let origin: String
    private let isAskedByDeployment: Bool
    /// With its question mark, where there is one.
    private let query: String

    /// - Parameter text: with a scheme or without; `nil` where it is no address.
    init?(_ text: String) {
        let given = WebAddress(text).flatMap { $0.isWeb ? $0 : nil }
        // Without a scheme, what stands before a colon may look like one.
        let bare = text.contains("://") ? nil : WebAddress("https://\(text)")
        guard let address = given ?? bare, !address.host.isEmpty else { return nil }
        let isLoopback = address.host == "localhost" || IPAddress(host: address.host)?.kind == .loopback
        // A key is sent over TLS, whatever is written; a proxy on this machine may do without.
        origin = (isLoopback ? address.scheme : "https") + "://" + address.hostAndPort
        let path = address.path.split(separator: "/")
        query = String(address.queryAndFragment.prefix { $0 != "#" })
        isAskedByDeployment =
            path.contains("deployments") || query.contains("api-version=") && !path.contains("v1")
    }

    /// Everything before `/chat/completions`, with the query that belongs behind it.
    func base(for deployment: String) -> String {
        guard isAskedByDeployment else { return "\(origin)/openai/v1\(query)" }
        let name = deployment.percentEncoded
        return "\(origin)/openai/deployments/\(name)" + (query.isEmpty ? "?\(Self.latestVersion)" : query)
    }
}
