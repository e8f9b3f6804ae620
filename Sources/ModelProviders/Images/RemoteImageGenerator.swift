package import AsyncHTTPClient
package import Domain
import FoundationEssentials
import NIOCore
import OrderedJSON

/// Makes pictures at a provider outside this process.
package struct RemoteImageGenerator: ImageGenerator {
    /// In bytes, for an answer: a picture in base64, or the picture itself.
    private static let maximumAnswerLength = 96 * 1024 * 1024

    private let endpoint: ImageEndpoint
    private let connection: ProviderConnection

    /// - Parameter client: made with `HTTPClient.Configuration.modelProviders` and the same `timeouts`; the caller keeps it
    ///   and shuts it down.
    package init(
        endpoint: ImageEndpoint, client: HTTPClient, timeouts: ProviderTimeouts = ProviderTimeouts(),
        retries: RetryPolicy = RetryPolicy()
    ) {
        self.endpoint = endpoint
        connection = ProviderConnection(
            name: endpoint.label, baseURL: endpoint.baseURL, apiKey: endpoint.apiKey, customHeaders: CustomHeaders(),
            timeouts: timeouts, retries: retries, client: client)
    }

    package func image(for prompt: ImagePrompt) async throws -> GeneratedImage {
        let request = ImageRequest(prompt: prompt, modelID: endpoint.modelID)
        switch endpoint.dialect {
        case .chat:
            let message = try await answer(to: connection.post(request.chat, to: "chat/completions"))["choices"]?
                .arrayValue?.first?["message"]
            let images = message?["images"]?.arrayValue ?? []
            if images.isEmpty, let said = message?["content"]?.stringValue, !said.isEmpty {
                throw connection.reported("it made no picture, and says: \(said.prefix(300))")
            }
            return try await picture(at: images.first?["image_url"]?["url"]?.stringValue)
        case .images(let name) where !prompt.references.isEmpty:
            let form = request.edit(severalReferences: name)
            return try await picture(in: connection.post(form.body, contentType: form.contentType, to: "images/edits"))
        case .images: return try await picture(in: connection.post(request.generation, to: "images/generations"))
        case .generationsOnly:
            var image = try await picture(in: connection.post(request.generation, to: "images/generations"))
            if !prompt.references.isEmpty {
                image.notice = "\(endpoint.label) cannot change pictures: the references were not used."
            }
            return image
        }
    }

    private func answer(to response: ProviderResponse) async throws -> JSON {
        let body = try await response.body.collect(upTo: Self.maximumAnswerLength)
        guard let json = try? JSON(parsing: body.readableBytesView) else { throw connection.unusable("is not JSON") }
        if let error = json["error"], error != .null { throw connection.reported(ProviderMessage.extract(from: json)) }
        return json
    }

    private func picture(in response: ProviderResponse) async throws -> GeneratedImage {
        let item = try await answer(to: response)["data"]?.arrayValue?.first
        if let base64 = item?["b64_json"]?.stringValue { return try picture(base64: base64[...]) }
        return try await picture(at: item?["url"]?.stringValue)
    }

    /// - Parameter address: a data URL, or where the picture is kept.
    private func picture(at address: String?) async throws -> GeneratedImage {
        guard let address else { throw connection.unusable("holds no picture") }
        if address.hasPrefix("data:"), let start = address.firstRange(of: ";base64,")?.upperBound {
            return try picture(base64: address[start...])
        }
        let response = try await connection.get(address)
        let body = try await response.body.collect(upTo: Self.maximumAnswerLength)
        return try picture(of: Array(body.readableBytesView))
    }

    private func picture(base64: Substring) throws -> GeneratedImage {
        // Some gateways send a data URL where the base64 alone is due.
        let bare = base64.hasPrefix("data:") ? base64.drop { $0 != "," }.dropFirst() : base64
        guard let data = Data(base64Encoded: String(bare), options: .ignoreUnknownCharacters) else {
            throw connection.unusable("holds a picture that is not base64")
        }
        return try picture(of: Array(data))
    }

    private func picture(of bytes: [UInt8]) throws -> GeneratedImage {
        guard let format = ImageFormat(of: bytes) else {
            throw connection.unusable("is no picture of a known format")
        }
        return GeneratedImage(format: format, bytes: bytes)
    }
}
