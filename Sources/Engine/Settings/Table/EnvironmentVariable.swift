/// A variable that is read from the environment alone and cannot be set through the API.
package struct EnvironmentVariable: Sendable {
    package let name: String
    package let summary: String
    package let defaultValue: String?
    /// Whether anything in this version reads the variable; else it is reported at most.
    package let isRead: Bool

    private init(_ name: String, _ summary: String, defaultValue: String? = nil, isRead: Bool = true) {
        self.name = name
        self.summary = summary
        self.defaultValue = defaultValue
        self.isRead = isRead
    }

    package static let all = [
        EnvironmentVariable("STORAGE_DIR", "Directory of the database, the key file and the models. Read at start."),
        EnvironmentVariable(
            "DATABASE_URL",
            "PostgreSQL instead of SQLite in the storage directory: `postgres://user:password@host/database`. Read at "
                + "start."),
        EnvironmentVariable(
            "LECTERN_DATABASE_CONNECTIONS", "Connections to PostgreSQL at most. Read at start.", defaultValue: "10"),
        EnvironmentVariable("SERVER_PORT", "TCP port to listen on. Read at start.", defaultValue: "3001"),
        EnvironmentVariable(
            "HTTPS_CERT_PATH",
            "Certificate chain in PEM form; with HTTPS_KEY_PATH the server speaks HTTPS. Read again when it changes."),
        EnvironmentVariable("HTTPS_KEY_PATH", "Private key of the certificate, in PEM form."),
        EnvironmentVariable(
            "LECTERN_HOST", "Address to listen on. Read at start.", defaultValue: "127.0.0.1"),
        EnvironmentVariable(
            "LECTERN_MODEL_DIR",
            "Folder of the embedding model, any BERT or XLM-RoBERTa in the layout of sentence-transformers; else "
                + "`models/all-MiniLM-L6-v2`. Read at start."),
        EnvironmentVariable(
            "LECTERN_RERANKER_MODEL",
            "Folder of a cross-encoder (BERT or XLM-RoBERTa, one output) for workspaces in rerank mode; else words and "
                + "vectors are weighed together. Read at start."),
        EnvironmentVariable("LECTERN_MAX_UPLOAD_MB", "Largest upload, in MiB. Read at start.", defaultValue: "4096"),
        EnvironmentVariable(
            "LECTERN_MAX_TEXT_MB", "Most text that one document may have, in MiB. Read at start.", defaultValue: "64"),
        EnvironmentVariable(
            "COLLECTOR_ALLOW_ANY_IP",
            "On: links are fetched from every address and port, those of this machine and its network among them. Read at "
                + "start."),
        EnvironmentVariable(
            "LECTERN_LINK_ALLOWLIST",
            "Hosts (`wiki.example`, `.example` for all below it), addresses and networks (`10.0.0.0/8`) that links may lead to "
                + "though they are not public, with commas; each with `:port` where it is none of 80, 443, 8080, 8443. Read at "
                + "start."),
        EnvironmentVariable(
            "LECTERN_LINK_MAX_MB", "Most that is fetched from one link, in MiB. Read at start.", defaultValue: "100"),
        EnvironmentVariable(
            "LECTERN_LINK_SECONDS", "Seconds that fetching one link may take. Read at start.", defaultValue: "120"),
        EnvironmentVariable(
            "LECTERN_LINK_MAX_PAGES", "Documents that one request of several links makes at most.", defaultValue: "200"),
        EnvironmentVariable(
            "LECTERN_LINK_ROBOTS",
            "On: links that somebody has named obey robots.txt, too; those that are found on pages always do."),
        EnvironmentVariable(
            "LINK_RENDERER",
            "`chromium`: the scripts of links' pages are run in headless Chromium where that is installed (Debian package "
                + "`chromium`). Read at start."),
        EnvironmentVariable(
            "ANYTHINGLLM_CHROMIUM_ARGS",
            "Further arguments for Chromium, with commas or spaces; `--no-sandbox` where it may make no namespaces. Read at "
                + "start."),
        EnvironmentVariable(
            "TARGET_OCR_LANG",
            "Languages of scans and pictures: tesseract's codes, with commas, like `eng,deu`. Those that are not installed "
                + "(Debian packages `tesseract-ocr-…`) are passed over. Read at start.", defaultValue: "eng"),
        EnvironmentVariable(
            "LECTERN_VECTOR_MEMORY_MB",
            "Memory for the vectors of workspaces, in MiB; those unused for longest make way. Else a quarter of what there "
                + "is. Read at start."),
        EnvironmentVariable(
            "LECTERN_CPU", "Instruction set of the embedder: `portable`, `avx2`, `avx512`, `avx512vnni`; else the best."
        ),
        EnvironmentVariable(
            "LOG_LEVEL", "What is logged: `error`, `warning`, `info`, `debug`.", defaultValue: "warning"),
        EnvironmentVariable("DISABLE_SWAGGER_DOCS", "On: the documentation page is not served."),
        EnvironmentVariable(
            "ANYTHINGLLM_FETCH_TIMEOUT", "Milliseconds that a provider may be silent. Read at start.",
            defaultValue: "110000"),
        EnvironmentVariable(
            "ANYTHINGLLM_MAX_RETRIES", "Further attempts at a provider that is busy.", defaultValue: "2"),
        EnvironmentVariable("GENERIC_OPENAI_STREAMING_DISABLED", "On: whole answers are asked of generic-openai."),
        EnvironmentVariable("GENERIC_OPEN_AI_CUSTOM_HEADERS", "`Name:value,Name:value`, sent to generic-openai."),
        EnvironmentVariable("GENERIC_OPEN_AI_REPORT_USAGE", "On: generic-openai is asked for usage while it streams."),
        EnvironmentVariable(
            "GENERIC_OPEN_AI_EMBEDDING_API_DELAY_MS", "Pause between two requests for embeddings; 500 at the least."),
        EnvironmentVariable(
            "LECTERN_CONDENSE_QUESTIONS",
            "On: the language model rewrites a question that follows others before it is searched with. Costs a call."),
        EnvironmentVariable(
            "PROVIDER_DISABLE_NATIVE_TOOL_CALLING",
            "Providers, separated by commas, whose models are not offered tools."),
        EnvironmentVariable(
            "DISABLE_VIEW_CHAT_HISTORY", "On: conversations cannot be listed or exported for the whole instance."),
        EnvironmentVariable(
            "TEXT_SPLITTER_CHUNK_SIZE",
            "UTF-16 code units of a chunk at most, up to what the embedder takes; also a preference."),
        EnvironmentVariable(
            "TEXT_SPLITTER_CHUNK_OVERLAP", "How much of its predecessor a chunk repeats; also a preference."),
        EnvironmentVariable(
            "DEFAULT_SYSTEM_PROMPT", "The instruction of workspaces that have none of their own; also a preference."),
        EnvironmentVariable("EMBED_REQUIRE_ALLOWLIST", "On: embeds without allowed origins answer nobody."),
        EnvironmentVariable(
            "LECTERN_EMBED_QUESTIONS_PER_MINUTE", "Questions from one address to one embed at most.",
            defaultValue: "60"),
        EnvironmentVariable("LECTERN_CHAT_RETENTION_DAYS", "Days after which chats are deleted."),
        EnvironmentVariable("WORKSPACE_DELETION_PROTECTION", "Set, also to nothing: workspaces cannot be deleted."),
        EnvironmentVariable("SIMPLE_SSO_ENABLED", "On: sign-in by one-time tokens is offered."),
        EnvironmentVariable(
            "SIMPLE_SSO_NO_LOGIN", "On, together with SIMPLE_SSO_ENABLED: no sign-in by password."),
        EnvironmentVariable(
            "SIMPLE_SSO_NO_LOGIN_REDIRECT", "Address that visitors without a session are sent to."),
        EnvironmentVariable(
            "JWT_EXPIRY", "How long a session lasts: `30d`, `12h`, `15m`, or seconds.", defaultValue: "30d"),
        EnvironmentVariable("LECTERN_OIDC_ISSUER", "OpenID Connect: the issuer of the identity provider."),
        EnvironmentVariable("LECTERN_OIDC_CLIENT_ID", "OpenID Connect: the client that this server is there."),
        EnvironmentVariable("LECTERN_OIDC_CLIENT_SECRET", "OpenID Connect: the client's secret, if it has one."),
        EnvironmentVariable("LECTERN_OIDC_SCOPES", "OpenID Connect: scopes.", defaultValue: "openid profile email"),
        EnvironmentVariable(
            "LECTERN_OIDC_GROUPS_CLAIM", "OpenID Connect: the claim with the groups.", defaultValue: "groups"),
        EnvironmentVariable("LECTERN_OIDC_ALLOWED_GROUPS", "Groups that may come in, with commas; else everybody."),
        EnvironmentVariable("LECTERN_OIDC_ADMIN_GROUPS", "Groups whose members are administrators, with commas."),
        EnvironmentVariable("LECTERN_OIDC_MANAGER_GROUPS", "Groups whose members are managers, with commas."),
        EnvironmentVariable(
            "LECTERN_PUBLIC_URL", "This server as browsers reach it, `https://host`; else as the request names it."),
        EnvironmentVariable("PASSWORDMINCHAR", "Characters of a password at least.", defaultValue: "8"),
        EnvironmentVariable("PASSWORDMAXCHAR", "Characters of a password at most.", defaultValue: "250"),
        EnvironmentVariable("PASSWORDLOWERCASE", "Lower-case letters of a password at least.", defaultValue: "0"),
        EnvironmentVariable("PASSWORDUPPERCASE", "Upper-case letters of a password at least.", defaultValue: "0"),
        EnvironmentVariable("PASSWORDNUMERIC", "Digits of a password at least.", defaultValue: "0"),
        EnvironmentVariable("PASSWORDSYMBOL", "Other characters of a password at least.", defaultValue: "0"),
        EnvironmentVariable(
            "PASSWORDREQUIREMENTS", "How many of these four rules a password must keep; 0 for all.", defaultValue: "0"),
        EnvironmentVariable(
            "LECTERN_TRUSTED_PROXIES",
            "Proxies whose `X-Forwarded-For` is believed: addresses or networks like `10.0.0.0/8`, with commas."),
        EnvironmentVariable(
            HostNames.variable,
            "Names by which this server may be asked for: `lectern.example.org`, `*.example.org`, or `*` for every one, with "
                + "commas. Where it listens on a loopback address, this machine's own names and that of LECTERN_PUBLIC_URL "
                + "alone; elsewhere every name, unless some are listed."),
        EnvironmentVariable(
            ProviderNetworks.variable,
            "`public`: providers in private networks and on this machine are refused when they are set. Link-local addresses and "
                + "those where clouds keep their secrets are refused always."),
        EnvironmentVariable("LECTERN_USER_REQUESTS_PER_MINUTE", "Requests of one signed-in user at most."),
        EnvironmentVariable("LECTERN_ADDRESS_REQUESTS_PER_MINUTE", "Requests from one address at most."),
        EnvironmentVariable("LECTERN_EVENT_RETENTION_DAYS", "Days after which the event log forgets."),
        EnvironmentVariable("NVIDIA_NIM_LLM_MODEL_TOKEN_LIMIT", "Context window of the NVIDIA NIM model, in tokens."),
        EnvironmentVariable(
            "ANYTHING_LLM_RUNTIME", "`docker`: addresses of the container itself are accepted only when they answer."),
    ]
}
