import Domain
import Persistence

extension ExportForm {
    /// A page that stands for itself: no script, nothing from elsewhere, and every text escaped.
    static func page(_ subject: ExportSubject, at time: Timestamp) -> ExportForm {
        let names = [subject.workspace.name, subject.thread?.name].compactMap(\.self)
        var facts = [("Workspace", subject.workspace.name)]
        if let thread = subject.thread { facts.append(("Thread", thread.name)) }
        facts.append(("Exported", time.iso8601))
        let list = facts.map { "<dt>\($0.0)</dt><dd>\($0.1.escapedForHTML)</dd>" }.joined()
        let head = """
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>\(names.joined(separator: " - ").escapedForHTML)</title>
            <style>\(style)</style>
            </head>
            <body>
            <dl>\(list)</dl>
            <main>

            """
        return ExportForm(head: head, item: { chat(in: $0) }, tail: "</main>\n</body>\n</html>\n")
    }

    private static let style = """
        :root{color-scheme:light dark}
        body{font:16px/1.5 system-ui,sans-serif;max-width:48rem;margin:2rem auto;padding:0 1rem}
        dl{display:grid;grid-template-columns:max-content 1fr;gap:.25rem 1rem}dd{margin:0}
        article{border-top:1px solid #8884;padding:.5rem 0}h2{font-size:1rem;margin:.5rem 0}
        .text{white-space:pre-wrap;overflow-wrap:anywhere;margin:0}img{max-width:100%}
        """

    private static func chat(in stored: StoredChat) -> String {
        let parts = AnswerParts(stored.chat.answer)
        let reasoning = parts.reasoning.map {
            "<details><summary>Reasoning</summary><p class=\"text\">\($0.escapedForHTML)</p></details>\n"
        }
        return """
            <article>
            <h2>You</h2>
            <p class="text">\(stored.chat.prompt.escapedForHTML)</p>
            \(stored.chat.attachments.map(attachment).joined())</article>
            <article>
            <h2>Assistant</h2>
            \(reasoning ?? "")<p class="text">\(parts.text.escapedForHTML)</p>
            </article>

            """
    }

    /// The picture where it is one that a browser only draws; else the name of what was attached.
    private static func attachment(_ attachment: MediaAttachment) -> String {
        let name = attachment.name.escapedForHTML
        let isPicture = ["png", "jpeg", "gif", "webp"].contains { attachment.url.hasPrefix("data:image/\($0);base64,") }
        guard isPicture else { return "<p>Attached: \(name)</p>\n" }
        return "<p><img alt=\"\(name)\" src=\"\(attachment.url.escapedForHTML)\"></p>\n"
    }
}

extension String {
    /// As text of a page, or as the value of an attribute between quotation marks.
    fileprivate var escapedForHTML: String {
        var result = ""
        result.reserveCapacity(utf8.count)
        for scalar in unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "'": result += "&#39;"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}
