package import Domain

extension SettingsSnapshot {
    /// Who makes pictures.
    ///
    /// - Throws: `unavailable` where no provider is set, or something that it needs is not.
    package func imageEndpoint() throws(ServiceError) -> ImageEndpoint {
        let provider = value(for: "IMAGE_GEN_PROVIDER")
        guard let row = provider.flatMap(ProviderRegistry.provider), let offer = row.images else {
            throw ServiceError(
                .unavailable, "No valid image generation provider was set. Got: \(provider ?? "undefined")")
        }
        return ImageEndpoint(
            label: row.name, baseURL: try address(offer.base), apiKey: try credential(offer.key),
            modelID: try modelID(offer.model) ?? "", dialect: offer.dialect.endpointDialect)
    }
}

extension ImageOffer.Dialect {
    fileprivate var endpointDialect: ImageEndpoint.Dialect {
        switch self {
        case .images(let severalReferences): .images(severalReferences: severalReferences)
        case .generationsOnly: .generationsOnly
        case .chat: .chat
        }
    }
}
