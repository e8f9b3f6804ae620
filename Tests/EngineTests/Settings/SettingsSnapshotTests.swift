import Domain
import Testing

@testable import Engine

@Suite struct SettingsSnapshotTests {
    @Test func `a stored value wins over the environment, and that over the default`() {
        let snapshot = SettingsSnapshot(
            environment: ["OPEN_MODEL_PREF": "from-environment", "TTS_PROVIDER": "openai", "GROQ_MODEL_PREF": ""],
            stored: ["OPEN_MODEL_PREF": "from-store"])
        #expect(snapshot.value(for: "OPEN_MODEL_PREF") == "from-store")
        #expect(snapshot.source(of: "OPEN_MODEL_PREF") == .stored)
        #expect(snapshot.value(for: "TTS_PROVIDER") == "openai")
        #expect(snapshot.source(of: "TTS_PROVIDER") == .environment)
        #expect(snapshot.value(for: "STT_PROVIDER") == nil)
        #expect(snapshot.effectiveValue(for: "STT_PROVIDER") == "native")
        #expect(snapshot.source(of: "STT_PROVIDER") == .default)
        #expect(snapshot.value(for: "GROQ_MODEL_PREF") == nil)
        #expect(snapshot.source(of: "GROQ_MODEL_PREF") == .default)
    }

    @Test func `an empty stored value hides the environment, and taking it back shows it again`() {
        let snapshot = SettingsSnapshot(environment: ["OLLAMA_AUTH_TOKEN": "a"])
        let cleared = snapshot.applying([SettingChange(variable: "OLLAMA_AUTH_TOKEN", value: "", isSecret: true)])
        #expect(cleared.value(for: "OLLAMA_AUTH_TOKEN") == nil)
        #expect(cleared.source(of: "OLLAMA_AUTH_TOKEN") == .default)
        let back = cleared.applying([SettingChange(variable: "OLLAMA_AUTH_TOKEN", value: nil, isSecret: true)])
        #expect(back.value(for: "OLLAMA_AUTH_TOKEN") == "a")
    }

    @Test func `numbers are read as the rules read them, and nothing overflows`() {
        let snapshot = SettingsSnapshot(environment: [
            "A": "1e3", "B": "0x10", "C": "2.9", "D": "1e400", "E": "1e30", "F": "text", "G": "-3", "H": "Infinity",
        ])
        #expect(
            ["A", "B", "C", "D", "E", "F", "G", "H", "I"].map(snapshot.integer) == [
                1000, 16, 2, nil, nil, nil, -3, nil, nil,
            ])
        #expect(snapshot.amount(for: "G") == nil)
        #expect(snapshot.amount(for: "A") == 1000)
        #expect(snapshot.number(for: "C") == 2.9)
        #expect(snapshot.number(for: "H") == nil)
        #expect(snapshot.integer(for: "OLLAMA_KEEP_ALIVE_TIMEOUT") == 300)
    }

    @Test(arguments: ["", "0", "false", "FALSE", "no", "off"]) func `a switch with this value is off`(_ value: String) {
        #expect(!SettingsSnapshot(environment: ["SWITCH": value]).flag("SWITCH"))
    }

    @Test func `a switch is on with anything else and off without a value`() {
        #expect(SettingsSnapshot(environment: ["SWITCH": "1"]).flag("SWITCH"))
        #expect(SettingsSnapshot(environment: ["SWITCH": "true"]).flag("SWITCH"))
        #expect(!SettingsSnapshot.empty.flag("SWITCH"))
    }

    @Test func `what is wrong in the environment is named, but not what is stored or secret`() async {
        let snapshot = SettingsSnapshot(
            environment: [
                "LLM_PROVIDER": "clippy", "OPEN_AI_KEY": "canary", "LOCAL_AI_MODEL_TOKEN_LIMIT": "many",
                "AUTH_TOKEN": "any text", "VECTOR_DB": "", "GROQ_MODEL_PREF": "llama", "EMBEDDING_MODEL_PREF": "a\nb",
            ], stored: ["LOCAL_AI_MODEL_TOKEN_LIMIT": "8192"])
        let problems = await snapshot.environmentProblems()
        #expect(
            problems.map(\.sentence) == [
                "EMBEDDING_MODEL_PREF: Value cannot contain line breaks or control characters.",
                "LLM_PROVIDER: clippy is not a valid LLM provider.",
                "OPEN_AI_KEY: OpenAI Key must start with sk-",
            ])
    }

    @Test func `changes through one reference are seen through another`() {
        let settings = Settings(environment: ["OPEN_MODEL_PREF": "old"])
        let other = settings
        settings.apply([SettingChange(variable: "OPEN_MODEL_PREF", value: "new", isSecret: false)])
        #expect(other.snapshot.value(for: "OPEN_MODEL_PREF") == "new")
        settings.replaceStored(["GROQ_MODEL_PREF": "llama"])
        #expect(other.snapshot.value(for: "OPEN_MODEL_PREF") == "old")
        #expect(other.snapshot.value(for: "GROQ_MODEL_PREF") == "llama")
    }
}

@Suite struct NumericValueTests {
    @Test(
        arguments: [
            ("", 0), (" ", 0), ("5", 5), (" 5 ", 5), ("+5", 5), ("-5", -5), ("5.", 5), (".5", 0.5), ("1e3", 1000),
            ("1E-1", 0.1),
            ("0x1F", 31), ("0b101", 5), ("0o17", 15), ("Infinity", .infinity), ("-Infinity", -.infinity),
        ] as [(String, Double)]) func `reads what ECMAScript reads`(_ text: String, _ number: Double)
    {
        #expect(numericValue(of: text) == number)
    }

    @Test(arguments: [
        "a", "1a", ".", "-", "e5", ".e5", "0x", "0xG", "-0x10", "nan", "NaN", "inf", "infinity", "1_000", "1,5", "5 5",
        "0x1p3",
        "\u{0665}", "--5",
    ]) func `refuses what ECMAScript refuses`(_ text: String) {
        #expect(numericValue(of: text) == nil)
    }
}

@Suite struct WebAddressTests {
    @Test(arguments: [
        "http://host", "https://host:443/a/b?c#d", "HTTP://HOST", "http:host", "http:\\\\host\\a",
        "postgresql://u@h/db", "ws://[::1]:1/",
        "file:///etc", "mailto:a@b", "http://127.0.0.1", "http://b\u{FC}cher.example", "http://host:",
        "http://u:p@host",
    ]) func `an absolute address`(_ text: String) {
        #expect(WebAddress(text) != nil)
    }

    @Test(arguments: [
        "", "host", "/path", "//host", "http://", "http:///", "http://host:port", "http://host:65536", "http://a b",
        "http://a<b",
        "1http://host", "http://[::1", "http://[zz]", "http://256.0.0.1", "http://1.2.3.4.5", "http://:80", "http://u@",
        "://host",
    ]) func `no absolute address`(_ text: String) {
        #expect(WebAddress(text) == nil)
    }

    @Test(arguments: [
        ("http://u:p@host/a", "http://host/a"), ("http://u@host", "http://host"),
        ("http://u:p@ss@host/", "http://host/"),
        ("http://host/a@b", "http://host/a@b"), ("http://host?a=b@c", "http://host?a=b@c"),
        ("plain@text", "plain@text"),
        ("postgresql://u:p@h/db", "postgresql://h/db"), ("bad scheme://u:p@h", "bad scheme://h"),
        (" http://u:p@h", " http://h"),
    ]) func `user name and password are left out`(_ text: String, _ bare: String) {
        #expect(WebAddress.withoutUserinfo(text) == bare)
    }
}
