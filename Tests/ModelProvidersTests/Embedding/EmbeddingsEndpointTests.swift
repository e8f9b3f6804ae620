import Domain
import Testing

@testable import ModelProviders

@Suite struct EmbeddingsEndpointTests {
    private func fingerprint(_ change: (inout EmbeddingsEndpoint) -> Void = { _ in }) -> String {
        var endpoint = EmbeddingsEndpoint.generic(baseURL: "http://h:1/v1", apiKey: "k", modelID: "m")
        change(&endpoint)
        return endpoint.fingerprint
    }

    @Test func `whatever may change a vector changes the fingerprint`() {
        let fingerprints = [
            fingerprint(), fingerprint { $0.baseURL = "http://h:2/v1" }, fingerprint { $0.modelID = "n" },
            fingerprint { $0.dimensions = 8 }, fingerprint { $0.passagePrefix = "x" },
            fingerprint { $0.queryPrefix = "x" },
        ]
        #expect(Set(fingerprints).count == fingerprints.count)
    }

    @Test func `nothing else changes the fingerprint`() {
        let same = fingerprint {
            $0.baseURL = "http://user:pass@h:1/v1/"
            $0.apiKey = "other"
            $0.batchSize = 3
            $0.maximumChunkLength = 500
        }
        #expect(same == fingerprint())
        // It is stored beside each vector: the same from one release to the next.
        #expect(same == "openai:m:6e1372270e174615")
    }
}
