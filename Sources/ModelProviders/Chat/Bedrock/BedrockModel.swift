package import AsyncHTTPClient
package import Domain
import OrderedJSON

/// A model of Amazon Bedrock, by its Converse API, which is one for the models of all makers.
package struct BedrockModel: LanguageModel {
    private let endpoint: ConverseEndpoint
    private let connection: ProviderConnection

    /// - Parameter client: made with `HTTPClient.Configuration.modelProviders` and the same `timeouts`; the caller keeps it
    ///   and shuts it down.
    package init(
        endpoint: ConverseEndpoint, client: HTTPClient, timeouts: ProviderTimeouts = ProviderTimeouts(),
        retries: RetryPolicy = RetryPolicy()
    ) {
        self.endpoint = endpoint
        var key: String?
        var signer: AWSRequestSigner?
        switch endpoint.authentication {
        case .key(let bearer): key = bearer
        case .signature(let credentials, let region):
            signer = AWSRequestSigner(credentials, region: region, service: "bedrock")
        }
        connection = ProviderConnection(
            name: endpoint.label, baseURL: endpoint.baseURL, apiKey: key, customHeaders: CustomHeaders(),
            signer: signer, timeouts: timeouts, retries: retries, client: client)
    }

    package var providerName: String { endpoint.providerName }
    package var modelID: String { endpoint.modelID }
    package var contextWindow: Int { endpoint.contextWindow }
    package var supportsTools: Bool { endpoint.supportsTools }
    package var acceptsImages: Bool { true }
    package var acceptsResponseFormats: Bool { endpoint.supportsTools }

    /// What `emit` throws is passed on as it is; everything that the provider does wrong is a `ServiceError`.
    package func reply(
        to prompt: Prompt, emit: (ReplyEvent) async throws -> Void
    ) async throws -> ReplySummary {
        var form = AnswerForm(for: prompt)
        let request = ConverseRequest(prompt: form.asked(prompt), endpoint: endpoint)
        let verb = endpoint.allowsStreaming ? "converse-stream" : "converse"
        let path = "model/\(endpoint.modelID.percentEncoded)/\(verb)"
        let response = try await connection.ask(prompt, at: path) { request.json }
        var reader = ReplyReader(connection)
        guard endpoint.allowsStreaming, !response.contentType.hasPrefix("application/json") else {
            return try await reader.readWhole(
                response, part: { form.answered(ReplyPart(converse: $0)) }, emit: emit)
        }
        return try await reader.follow(response, by: AWSEventStreamParser.self) { event in
            form.answered(try part(event))
        } emit: {
            try await emit($0)
        }
    }

    private func part(_ event: AWSEvent) throws -> ReplyPart {
        guard event.isIntact else { throw connection.unusable("is damaged or cut off") }
        let isException = event.headers[":message-type"].map { $0 != "event" } ?? false
        let name = event.headers[isException ? ":exception-type" : ":event-type"] ?? ""
        let json = event.payload.isEmpty ? JSON.null : try connection.json(event.payload)
        return ReplyPart(converseEvent: name, isException: isException, json)
    }
}
