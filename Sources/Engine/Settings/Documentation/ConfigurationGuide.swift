/// Writes `docs/configuration.md` from the table, so that the guide cannot say anything else than the program does.
package enum ConfigurationGuide {
    package static func markdown() -> String {
        let groups = SettingTable.groups.map(section)
        return ([opening, environmentSection] + groups).joined(separator: "\n\n") + "\n"
    }

    private static let opening = """
        # Configuration

        <!-- Written from the table of settings in Sources/Engine/Settings; do not edit. -->

        Every setting has an environment variable, under the name that AnythingLLM uses, so an existing `.env` works as it
        is. Most can also be changed while the server runs:

            POST /api/v1/system/update-env
            {"LLMProvider": "generic-openai", "GenericOpenAiBasePath": "http://127.0.0.1:8000/v1"}

        - **Precedence.** What was set through the API is stored and wins over the environment; the environment wins over
          the default. `GET /api/v1/system` shows what holds.
        - **All or nothing.** If one key of a request is refused, none is applied; `error` has a line for each reason.
        - **At once.** A change holds from the next request on and survives a crash. No restart is needed.
        - **Clearing.** `null` takes back what was stored, so that the environment or the default holds again. An empty
          text clears a setting whatever the environment says; only settings marked "clears" take one.
        - **Values** are texts; numbers and booleans are taken as their text. Line breaks and control characters are
          refused. A value with `******` in it is a mask that came from the server, and is skipped.
        - **Secrets** are encrypted in the database with the key in `secret.key` in the storage directory (AES-256-GCM),
          and neither returned nor logged. Keep `secret.key` with your backups, but apart from the database: without it, secrets
          have to be set again. User names and passwords inside URLs are treated as secrets too.
        - **Switches** are on with any value but an empty one, `0`, `false`, `no` and `off`.
        - **Mistakes.** `lectern doctor` names each variable with a value that it does not accept, and so does the start. The
          server does not start with one that is marked "protects", a limit or a network, say: nobody would notice that it
          does not hold.

        A setting marked "not read" is checked, stored and reported like any other, and has no effect in this version;
        `warnings` in the answer of `update-env` says so too. A provider that this version does not have cannot be chosen.
        With nothing set, embedding, the vector store and extractive answers work in
        the server itself.
        """

    private static var environmentSection: String {
        let rows = EnvironmentVariable.all.map { variable in
            let summary = variable.summary + (variable.isRead ? "" : " Reported, and not read in this version.")
            return "| `\(variable.name)` | \(variable.rule.summary) | \(summary) | \(code(variable.defaultValue)) | "
                + "\(variable.isProtective ? "protects" : "") |"
        }
        return "## Environment only\n\n" + table(["Variable", "Accepts", "Meaning", "Default", ""], rows)
    }

    private static func section(_ group: SettingTable.Group) -> String {
        let rows = group.settings.map { setting in
            let marks = [
                setting.isSecret ? "secret" : nil, setting.acceptsEmptyText ? "clears" : nil,
                setting.isRead ? nil : "not read",
            ].compactMap(\.self)
            return "| `\(setting.key)` | `\(setting.variable)` | \(setting.summary) | \(code(setting.defaultValue)) | "
                + "\(marks.joined(separator: ", ")) |"
        }
        return "## \(group.title)\n\n" + table(["Setting key", "Variable", "Accepts", "Default", ""], rows)
    }

    private static func table(_ heads: [String], _ rows: [String]) -> String {
        let head = "| " + heads.joined(separator: " | ") + " |"
        let rule = "|" + heads.map { _ in "---|" }.joined()
        return ([head, rule] + rows).joined(separator: "\n")
    }

    private static func code(_ text: String?) -> String { text.map { "`\($0)`" } ?? "" }
}
