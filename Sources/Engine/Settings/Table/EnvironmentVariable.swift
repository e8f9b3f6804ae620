import Domain

/// A variable that is read from the environment alone and cannot be set through the API.
package struct EnvironmentVariable: Sendable {
    package let name: String
    package let rule: EnvironmentRule
    package let summary: String
    package let defaultValue: String?
    /// Whether anything is protected by it, a limit, a network, a password: then a value that breaks the rule must not be
    /// passed over, and the server does not start.
    package let isProtective: Bool
    /// Whether anything in this version reads the variable; else it is reported at most.
    package let isRead: Bool

    private init(
        _ name: String, _ rule: EnvironmentRule, _ summary: String, defaultValue: String? = nil,
        isProtective: Bool = false, isRead: Bool = true
    ) {
        self.name = name
        self.rule = rule
        self.summary = summary
        self.defaultValue = defaultValue
        self.isProtective = isProtective
        self.isRead = isRead
    }

    package static let all = [
        EnvironmentVariable(
            "STORAGE_DIR", .text, "Directory of the database, the key file and the models. Read at start."),
        EnvironmentVariable(
            "DATABASE_URL", .text,
            "PostgreSQL instead of SQLite in the storage directory: `postgres://user:password@host/database`. Read at "
                + "start."),
        EnvironmentVariable(
            "LECTERN_DATABASE_CONNECTIONS", .wholeNumber(1...1000), "Connections to PostgreSQL at most. Read at start.",
            defaultValue: "10"),
        EnvironmentVariable(
            "SERVER_PORT", .wholeNumber(0...65_535), "TCP port to listen on. Read at start.", defaultValue: "3001"),
        EnvironmentVariable(
            "HTTPS_CERT_PATH", .text,
            "Certificate chain in PEM form; with HTTPS_KEY_PATH the server speaks HTTPS. Read again when it changes."),
        EnvironmentVariable("HTTPS_KEY_PATH", .text, "Private key of the certificate, in PEM form."),
        EnvironmentVariable(
            "LECTERN_HOST", .text, "Address to listen on. Read at start.", defaultValue: "127.0.0.1"),
        EnvironmentVariable(
            "LECTERN_MODEL_DIR", .text,
            "Folder of the embedding model in the layout of sentence-transformers (BERT, DistilBERT, ModernBERT, MPNet, "
                + "NomicBERT, RoBERTa, XLM-RoBERTa); else `models/all-MiniLM-L6-v2`. Read at start."),
        EnvironmentVariable(
            RerankingOffer.providerVariable, .oneOf(ProviderRegistry.reranking.built),
            "Who judges the best fifty results of workspaces in rerank mode: `native` is a cross-encoder in this process, "
                + "`generic-openai` any server with Jina's `/rerank` (llama.cpp, vLLM, LocalAI, Infinity), `tei` Text "
                + "Embeddings Inference. Read at start.", defaultValue: "native"),
        EnvironmentVariable(
            RerankingOffer.modelVariable, .text,
            "Folder of a cross-encoder (BERT, MPNet, RoBERTa or XLM-RoBERTa, one output); with another provider than `native`, the name of "
                + "its model. Nothing is reranked by `native` without one. Read at start."),
        EnvironmentVariable(
            RerankingOffer.baseVariable, .webAddress,
            "Everything before `/rerank` of the reranking model's address; else the vendor's own, for `cohere`, `jina` and "
                + "`voyageai`. Read at start."),
        EnvironmentVariable(
            RerankingOffer.keyVariable, .text,
            "Key for the reranking model; else COHERE_API_KEY and VOYAGEAI_API_KEY, at the vendors' own addresses. Read at "
                + "start."),
        EnvironmentVariable(
            "LECTERN_RERANKER_MILLISECONDS", .wholeNumber(1...600_000),
            "What a search may take to judge its results once more; those that are not judged by then keep their order "
                + "behind the others. Read at start.", defaultValue: "3000"),
        EnvironmentVariable(
            "LECTERN_MAX_UPLOAD_MB", .wholeNumber(1...1_048_576), "Largest upload, in MiB. Read at start.",
            defaultValue: "4096", isProtective: true),
        EnvironmentVariable(
            "LECTERN_MAX_TEXT_MB", .wholeNumber(1...65_536),
            "Most text that one document may have, in MiB. Read at start.", defaultValue: "64", isProtective: true),
        EnvironmentVariable(
            "COLLECTOR_ALLOW_ANY_IP", .flag,
            "On: links are fetched from every address and port, those of this machine and its network among them, but for "
                + "those where clouds tell their machines secrets, which LECTERN_LINK_ALLOWLIST must name. Read at start."
        ),
        EnvironmentVariable(
            "LECTERN_LINK_ALLOWLIST", .linkAllowlist,
            "Hosts (`wiki.example`, `.example` for all below it), addresses and networks (`10.0.0.0/8`) that links may lead to "
                + "though they are not public, with commas; each with `:port` where it is none of 80, 443, 8080, 8443. Read at "
                + "start.", isProtective: true),
        EnvironmentVariable(
            "LECTERN_LINK_MAX_MB", .wholeNumber(1...1_048_576),
            "Most that is fetched from one link, in MiB. Read at start.", defaultValue: "100", isProtective: true),
        EnvironmentVariable(
            "LECTERN_LINK_SECONDS", .wholeNumber(1...86_400), "Seconds that fetching one link may take. Read at start.",
            defaultValue: "120", isProtective: true),
        EnvironmentVariable(
            "LECTERN_LINK_MAX_PAGES", .wholeNumber(1...1_000_000),
            "Documents that one request of several links makes at most.", defaultValue: "200", isProtective: true),
        EnvironmentVariable(
            "LECTERN_LINK_ROBOTS", .flag,
            "On: links that somebody has named obey robots.txt, too; those that are found on pages always do."),
        EnvironmentVariable(
            "LINK_RENDERER", .oneOf(["chromium", "none"]),
            "`chromium`: the scripts of links' pages are run in headless Chromium where that is installed (Debian package "
                + "`chromium`). Read at start."),
        EnvironmentVariable(
            "ANYTHINGLLM_CHROMIUM_ARGS", .text,
            "Further arguments for Chromium, with commas or spaces; `--no-sandbox` where it may make no namespaces. Read at "
                + "start."),
        EnvironmentVariable(
            SettingsSnapshot.watchingVariable, .oneOf(["enabled", "disabled"]),
            "`disabled`: documents of links cannot be watched, and none is refreshed by itself; also the preference "
                + "`experimental_live_file_sync`.", defaultValue: "enabled"),
        EnvironmentVariable(
            SettingsSnapshot.intervalVariable, .wholeNumber(1...315_360_000_000),
            "Milliseconds from one check of a watched document to the next; an hour at the least.",
            defaultValue: "604800000"),
        EnvironmentVariable(
            "TARGET_OCR_LANG", .list,
            "Languages of scans and pictures: tesseract's codes, with commas, like `eng,deu`. Those that are not installed "
                + "(Debian packages `tesseract-ocr-…`) are passed over. Read at start.", defaultValue: "eng"),
        EnvironmentVariable(
            "LECTERN_VECTOR_MEMORY_MB", .wholeNumber(1...16_777_216),
            "Memory for the vectors of workspaces, in MiB, and a quarter as much for their words; those unused for longest "
                + "make way. Else a quarter of what there is. Read at start."),
        EnvironmentVariable(
            "LECTERN_MCP_SERVERS", .text,
            "File with the MCP servers whose tools models are offered in automatic mode, in the form of "
                + "`{\"mcpServers\": {…}}`; else `plugins/anythingllm_mcp_servers.json` in the storage directory. Read at start."
        ),
        EnvironmentVariable(
            "LECTERN_MCP_SECONDS", .wholeNumber(1...3600),
            "Seconds that one call of an MCP server's tool may take. Read at "
                + "start.", defaultValue: "60"),
        EnvironmentVariable(
            "LECTERN_CPU", .oneOf(["portable", "avx2", "avx512", "avx512vnni"]),
            "Instruction set of the embedder; else the best."
        ),
        EnvironmentVariable(
            "LOG_LEVEL", .oneOf(["critical", "error", "warning", "notice", "info", "debug", "trace"]),
            "What is logged.", defaultValue: "warning"),
        EnvironmentVariable("DISABLE_SWAGGER_DOCS", .flag, "On: the documentation page is not served."),
        EnvironmentVariable(
            "ANYTHINGLLM_FETCH_TIMEOUT", .wholeNumber(1...86_400_000),
            "Milliseconds that a provider may be silent. Read at start.",
            defaultValue: "110000"),
        EnvironmentVariable(
            "ANYTHINGLLM_MAX_RETRIES", .wholeNumber(0...100), "Further attempts at a provider that is busy.",
            defaultValue: "2"),
        EnvironmentVariable(
            "GENERIC_OPENAI_STREAMING_DISABLED", .flag, "On: whole answers are asked of generic-openai."),
        EnvironmentVariable(
            "GENERIC_OPEN_AI_CUSTOM_HEADERS", .text, "`Name:value,Name:value`, sent to generic-openai."),
        EnvironmentVariable(
            "GENERIC_OPEN_AI_REPORT_USAGE", .flag, "On: generic-openai is asked for usage while it streams."),
        EnvironmentVariable(
            "GENERIC_OPEN_AI_EMBEDDING_API_DELAY_MS", .wholeNumber(0...3_600_000),
            "Pause between two requests for embeddings; 500 at the least."),
        EnvironmentVariable(
            "LECTERN_CONDENSE_QUESTIONS", .flag,
            "On: the language model rewrites a question that follows others before it is searched with. Costs a call."),
        EnvironmentVariable(
            "LECTERN_MULTI_QUERY", .flag,
            "On: the language model puts a question in three other ways, which are searched with as well. Costs a call."
        ),
        EnvironmentVariable(
            "LECTERN_STEP_BACK", .flag,
            "On: the language model says what a question is about in general, which is searched with as well. Costs a call."
        ),
        EnvironmentVariable(
            "PROVIDER_DISABLE_NATIVE_TOOL_CALLING", .list,
            "Providers, separated by commas, whose models are not offered tools."),
        EnvironmentVariable(
            "DISABLE_VIEW_CHAT_HISTORY", .flag, "On: conversations cannot be listed or exported for the whole instance."
        ),
        EnvironmentVariable(
            "TEXT_SPLITTER_CHUNK_SIZE", .wholeNumber(1...1_000_000),
            "UTF-16 code units of a chunk at most, up to what the embedder takes; also a preference."),
        EnvironmentVariable(
            "TEXT_SPLITTER_CHUNK_OVERLAP", .wholeNumber(0...1_000_000),
            "How much of its predecessor a chunk repeats; also a preference."),
        EnvironmentVariable(
            "LECTERN_CHUNK_METHOD", .oneOf(ChunkMethod.allCases.map(\.rawValue)),
            "Where texts are cut: `structure` between slides, chapters, sections, paragraphs and sentences, `length` by their length alone.",
            defaultValue: ChunkMethod.structure.rawValue),
        EnvironmentVariable(
            "DEFAULT_SYSTEM_PROMPT", .text,
            "The instruction of workspaces that have none of their own; also a preference."),
        EnvironmentVariable("EMBED_REQUIRE_ALLOWLIST", .flag, "On: embeds without allowed origins answer nobody."),
        EnvironmentVariable(
            "LECTERN_EMBED_QUESTIONS_PER_MINUTE", .wholeNumber(1...1_000_000),
            "Questions from one address to one embed at most.",
            defaultValue: "60", isProtective: true),
        EnvironmentVariable(
            "LECTERN_CHAT_RETENTION_DAYS", .wholeNumber(1...36_500), "Days after which chats are deleted.",
            isProtective: true),
        EnvironmentVariable("WORKSPACE_DELETION_PROTECTION", .flag, "On: workspaces cannot be deleted."),
        EnvironmentVariable("SIMPLE_SSO_ENABLED", .flag, "On: sign-in by one-time tokens is offered."),
        EnvironmentVariable(
            "SIMPLE_SSO_NO_LOGIN", .flag, "On, together with SIMPLE_SSO_ENABLED: no sign-in by password."),
        EnvironmentVariable(
            "SIMPLE_SSO_NO_LOGIN_REDIRECT", .webAddress, "Address that visitors without a session are sent to."),
        EnvironmentVariable(
            "JWT_EXPIRY", .duration, "How long a session lasts: `30d`, `12h`, `15m`, or seconds.", defaultValue: "30d",
            isProtective: true),
        EnvironmentVariable(
            "LECTERN_OIDC_ISSUER", .webAddress, "OpenID Connect: the issuer of the identity provider.",
            isProtective: true),
        EnvironmentVariable("LECTERN_OIDC_CLIENT_ID", .text, "OpenID Connect: the client that this server is there."),
        EnvironmentVariable("LECTERN_OIDC_CLIENT_SECRET", .text, "OpenID Connect: the client's secret, if it has one."),
        EnvironmentVariable(
            "LECTERN_OIDC_SCOPES", .text, "OpenID Connect: scopes.", defaultValue: "openid profile email"),
        EnvironmentVariable(
            "LECTERN_OIDC_GROUPS_CLAIM", .text, "OpenID Connect: the claim with the groups.", defaultValue: "groups"),
        EnvironmentVariable(
            "LECTERN_OIDC_ALLOWED_GROUPS", .list, "Groups that may come in, with commas; else everybody.",
            isProtective: true),
        EnvironmentVariable(
            "LECTERN_OIDC_ADMIN_GROUPS", .list, "Groups whose members are administrators, with commas.",
            isProtective: true),
        EnvironmentVariable(
            "LECTERN_OIDC_MANAGER_GROUPS", .list, "Groups whose members are managers, with commas.", isProtective: true),
        EnvironmentVariable(
            "LECTERN_PUBLIC_URL", .webAddress,
            "This server as browsers reach it, `https://host`; else as the request names it.", isProtective: true),
        EnvironmentVariable(
            "PASSWORDMINCHAR", .wholeNumber(1...1024), "Characters of a password at least.", defaultValue: "8",
            isProtective: true),
        EnvironmentVariable(
            "PASSWORDMAXCHAR", .wholeNumber(1...1024), "Characters of a password at most.", defaultValue: "250",
            isProtective: true),
        EnvironmentVariable(
            "PASSWORDLOWERCASE", .wholeNumber(0...1024), "Lower-case letters of a password at least.",
            defaultValue: "0", isProtective: true),
        EnvironmentVariable(
            "PASSWORDUPPERCASE", .wholeNumber(0...1024), "Upper-case letters of a password at least.",
            defaultValue: "0", isProtective: true),
        EnvironmentVariable(
            "PASSWORDNUMERIC", .wholeNumber(0...1024), "Digits of a password at least.", defaultValue: "0",
            isProtective: true),
        EnvironmentVariable(
            "PASSWORDSYMBOL", .wholeNumber(0...1024), "Other characters of a password at least.", defaultValue: "0",
            isProtective: true),
        EnvironmentVariable(
            "PASSWORDREQUIREMENTS", .wholeNumber(0...4),
            "How many of these four rules a password must keep; 0 for all.", defaultValue: "0", isProtective: true),
        EnvironmentVariable(
            "LECTERN_TRUSTED_PROXIES", .networks,
            "Proxies whose `X-Forwarded-For` is believed: addresses or networks like `10.0.0.0/8`, with commas.",
            isProtective: true),
        EnvironmentVariable(
            HostNames.variable, .hosts,
            "Names by which this server may be asked for: `lectern.example.org`, `*.example.org`, or `*` for every one, with "
                + "commas. Where it listens on a loopback address, this machine's own names and that of LECTERN_PUBLIC_URL "
                + "alone; elsewhere every name, unless some are listed.", isProtective: true),
        EnvironmentVariable(
            ProviderNetworks.variable, .oneOf(["public"]),
            "`public`: providers in private networks and on this machine are refused when they are set. Link-local addresses and "
                + "those where clouds keep their secrets are refused always.", isProtective: true),
        EnvironmentVariable(
            "LECTERN_USER_REQUESTS_PER_MINUTE", .wholeNumber(1...1_000_000), "Requests of one signed-in user at most.",
            isProtective: true),
        EnvironmentVariable(
            "LECTERN_ADDRESS_REQUESTS_PER_MINUTE", .wholeNumber(1...1_000_000), "Requests from one address at most.",
            isProtective: true),
        EnvironmentVariable(
            "LECTERN_EVENT_RETENTION_DAYS", .wholeNumber(1...36_500), "Days after which the event log forgets.",
            isProtective: true),
        EnvironmentVariable(
            "NVIDIA_NIM_LLM_MODEL_TOKEN_LIMIT", .wholeNumber(1...10_000_000),
            "Context window of the NVIDIA NIM model, in tokens."),
        EnvironmentVariable(
            "LECTERN_MODEL_WINDOWS", .text,
            "File with the context windows of models, in the layout of LiteLLM's `model_prices_and_context_window.json`; else that "
                + "name in the storage directory, where it is. Read again when it changes; what it does not name is known "
                + "without it for the usual families. Its path is read at start."),
        EnvironmentVariable(
            "CEREBRAS_MODEL_TOKEN_LIMIT", .wholeNumber(1...10_000_000),
            "Context window of the Cerebras model, in tokens; else what is known of it."),
        EnvironmentVariable(
            "AWS_BEDROCK_LLM_ACCESS_KEY_ID", .text,
            "AWS Bedrock: the key of an account, with AWS_BEDROCK_LLM_ACCESS_KEY; requests are signed with it. Without "
                + "AWS_BEDROCK_LLM_API_KEY alone."),
        EnvironmentVariable("AWS_BEDROCK_LLM_ACCESS_KEY", .text, "AWS Bedrock: the secret of that key."),
        EnvironmentVariable(
            "AWS_BEDROCK_LLM_SESSION_TOKEN", .text, "AWS Bedrock: the token of a key that holds for a while."),
        EnvironmentVariable("AWS_ACCESS_KEY_ID", .text, "As AWS_BEDROCK_LLM_ACCESS_KEY_ID, which comes before it."),
        EnvironmentVariable("AWS_SECRET_ACCESS_KEY", .text, "The secret of AWS_ACCESS_KEY_ID."),
        EnvironmentVariable("AWS_SESSION_TOKEN", .text, "The token of AWS_ACCESS_KEY_ID."),
        EnvironmentVariable("AWS_REGION", .text, "AWS Bedrock: the region where AWS_BEDROCK_LLM_REGION names none."),
        EnvironmentVariable("AWS_DEFAULT_REGION", .text, "The same where AWS_REGION names none."),
        EnvironmentVariable(
            "AWS_ENDPOINT_URL_BEDROCK_RUNTIME", .webAddress,
            "AWS Bedrock: where Converse is asked, of a private endpoint say; else at the region's own address."),
        EnvironmentVariable("AWS_BEDROCK_STREAMING_DISABLED", .flag, "On: whole answers are asked of AWS Bedrock."),
        EnvironmentVariable(
            "LECTERN_BEDROCK_CONVERSE", .flag,
            "On: AWS Bedrock's Converse API is asked with AWS_BEDROCK_LLM_API_KEY, too, for models that its endpoints for "
                + "OpenAI's and Anthropic's clients do not have."),
        EnvironmentVariable(
            "ANYTHING_LLM_RUNTIME", .text,
            "`docker`: addresses of the container itself are accepted only when they answer."),
    ]
}
