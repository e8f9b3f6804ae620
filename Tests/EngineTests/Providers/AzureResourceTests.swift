import Testing

@testable import Engine

@Suite struct AzureResourceTests {
    static let addresses = [
        ("https://x.openai.azure.com", "https://x.openai.azure.com/openai/v1"),
        ("https://x.openai.azure.com/", "https://x.openai.azure.com/openai/v1"),
        ("x.openai.azure.com", "https://x.openai.azure.com/openai/v1"),
        ("http://x.openai.azure.com/openai", "https://x.openai.azure.com/openai/v1"),
        (
            "https://x.openai.azure.com/openai/v1?api-version=preview",
            "https://x.openai.azure.com/openai/v1?api-version=preview"
        ),
        ("https://user:secret@x.azure.com/openai/v1/#top", "https://x.azure.com/openai/v1"),
        (
            "https://x.openai.azure.com/openai/deployments/a/chat/completions?api-version=2025-01-01-preview",
            "https://x.openai.azure.com/openai/deployments/my%20dep?api-version=2025-01-01-preview"
        ),
        (
            "https://x.openai.azure.com/?api-version=2024-06-01",
            "https://x.openai.azure.com/openai/deployments/my%20dep?api-version=2024-06-01"
        ),
        (
            "https://x.openai.azure.com/openai/deployments/a",
            "https://x.openai.azure.com/openai/deployments/my%20dep?api-version=2024-10-21"
        ),
        ("http://127.0.0.1:9/x", "http://127.0.0.1:9/openai/v1"),
        ("http://localhost:9", "http://localhost:9/openai/v1"),
    ]

    @Test(arguments: addresses) func `what the portal shows leads to the resource`(text: String, base: String) {
        #expect(AzureResource(text)?.base(for: "my dep") == base)
    }

    @Test(arguments: ["", "https://", "not an address"]) func `other text leads nowhere`(text: String) {
        #expect(AzureResource(text) == nil)
    }
}
