import EmbeddedFiles

/// The files that the program carries inside itself, byte for byte, so that it serves them without any directory beside it.
package enum EmbeddedFile {
    /// `docs/api/openapi.json`: the API in OpenAPI 3.1. To be served at `/api/openapi.json`.
    package static let openAPIDocument = bytes(lectern_openapi_json())

    /// The page that shows the API, in HTML. To be served at `/api/docs` with `documentationContentSecurityPolicy`.
    package static let documentationPage = bytes(lectern_documentation_html())

    /// The page's style sheet. To be served at `/api/docs/documentation.css`.
    package static let documentationStyleSheet = bytes(lectern_documentation_css())

    /// The page's script. To be served at `/api/docs/documentation.js`.
    package static let documentationScript = bytes(lectern_documentation_js())

    /// The chat widget that other sites show. To be served at `/embed/lectern-chat-widget.js`.
    package static let chatWidget = bytes(lectern_chat_widget_js())

    /// The `Content-Security-Policy` under which the page works: its own files and the API of the same origin, nothing else.
    package static let documentationContentSecurityPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; "
        + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

    private static func bytes(_ file: lectern_embedded_file) -> [UInt8] {
        Array(UnsafeBufferPointer(start: file.start, count: file.length))
    }
}
