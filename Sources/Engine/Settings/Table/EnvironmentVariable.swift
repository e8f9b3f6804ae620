/// A variable that is read from the environment alone and cannot be set through the API.
package struct EnvironmentVariable: Sendable {
    package let name: String
    package let summary: String
    package let defaultValue: String?

    private init(_ name: String, _ summary: String, defaultValue: String? = nil) {
        self.name = name
        self.summary = summary
        self.defaultValue = defaultValue
    }

    package static let all = [
        EnvironmentVariable("STORAGE_DIR", "Directory of the database, the key file and the models. Read at start."),
        EnvironmentVariable("SERVER_PORT", "TCP port to listen on. Read at start.", defaultValue: "3001"),
        EnvironmentVariable("DISABLE_VIEW_CHAT_HISTORY", "On: chats of others are hidden from administrators."),
        EnvironmentVariable("WORKSPACE_DELETION_PROTECTION", "On: workspaces cannot be deleted."),
        EnvironmentVariable("SIMPLE_SSO_ENABLED", "On: sign-in by one-time tokens is offered."),
        EnvironmentVariable("SIMPLE_SSO_NO_LOGIN", "On, together with SIMPLE_SSO_ENABLED: no sign-in by password."),
        EnvironmentVariable("SIMPLE_SSO_NO_LOGIN_REDIRECT", "Address that visitors without a session are sent to."),
        EnvironmentVariable("NVIDIA_NIM_LLM_MODEL_TOKEN_LIMIT", "Context window of the NVIDIA NIM model, in tokens."),
        EnvironmentVariable(
            "ANYTHING_LLM_RUNTIME", "`docker`: addresses of the container itself are accepted only when they answer."),
    ]
}
