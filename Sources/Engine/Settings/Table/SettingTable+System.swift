extension SettingTable {
    /// Rows for signing in and the instance itself, in the order in which they are sent.
    // A table reads by its columns, so the formatter leaves it alone.
    // swift-format-ignore
    static let system: [SettingTableRow] = [
        .fact(.requiresAuth),
        .key("AuthToken",        "AUTH_TOKEN",        [.never, .password], .presence),
        .key("JWTSecret",        "JWT_SECRET",        [.never],            .presence),
        .fact(.storageDirectory),
        .fact(.multiUserMode),
        .fact(.memoryEnabled),
        .fact(.memoryAutoExtraction),
        .key("DisableTelemetry", "DISABLE_TELEMETRY", [],                  .textElse("false")),
    ]
}
