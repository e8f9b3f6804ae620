/// The one table of settings: everything that is set, checked, stored, reported or documented comes from here.
///
/// The order of groups and rows is the order of the keys in `GET /v1/system`.
package enum SettingTable {
    /// Settings that belong together.
    package struct Group: Sendable {
        package let title: String
        package let rows: [SettingTableRow]

        package var settings: [Setting] {
            rows.compactMap { row in if case .setting(let setting) = row { setting } else { nil } }
        }
    }

    package static let groups = [
        Group(title: "Signing in and the instance", rows: system),
        Group(title: "Embedding", rows: embedding),
        Group(title: "Image generation", rows: imageGeneration),
        Group(title: "Vector databases", rows: vectorDatabases),
        Group(title: "Language models", rows: languageModels),
        Group(title: "Transcription and speech", rows: speech),
        Group(title: "Agents", rows: agents),
    ]

    package static let rows = groups.flatMap(\.rows)
    package static let settings = groups.flatMap(\.settings)

    /// The settings that are read besides those of vendors' clients, which say themselves what they read. A test looks
    /// for their readers.
    static let readVariables: Set = [
        "AGENT_MAX_TOOL_CALLS", "AUTH_TOKEN", "EMBEDDING_ENGINE", "IMAGE_GEN_PROVIDER", "IMAGE_GEN_SIZE_PREF",
        "JWT_SECRET", "LLM_PROVIDER", "STT_PROVIDER", "TTS_PROVIDER", "VECTOR_DB", "WHISPER_PROVIDER",
    ]

    private static let byKey = Dictionary(uniqueKeysWithValues: settings.map { ($0.key, $0) })

    /// Where two keys share a variable, neither has a default and neither is secret, so the first speaks for both.
    private static let byVariable = Dictionary(
        settings.map { ($0.variable, $0) }, uniquingKeysWith: { first, _ in first })

    package static func setting(_ key: String) -> Setting? { byKey[key] }
    package static func setting(for variable: String) -> Setting? { byVariable[variable] }
}
