import Domain

/// The migrations, in order. One that has shipped is never edited; what differs between engines is in `Dialect`.
package struct Migration: Sendable {
    package let name: String
    package let statements: @Sendable (Dialect) -> [String]

    /// Tells one wording of the statements from another, white space aside.
    func digest(_ dialect: Dialect) -> String {
        // Bytes and not characters: this is done at every start.
        let words = statements(dialect).joined(separator: ";").utf8.split {
            $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\n")
        }
        return FNV1a(Array(words.joined(separator: [UInt8(ascii: " ")]))).hexadecimal
    }
}

package enum Schema {
    package static let migrations = [
        Migration(name: "0001-access-and-settings") { accessAndSettings($0) },
        Migration(name: "0002-workspaces-and-chats") { workspacesAndChats($0) },
        Migration(name: "0003-documents-and-chunks") { documentsAndChunks($0) },
        Migration(name: "0004-jobs") { jobs($0) },
        Migration(name: "0005-pinned-documents") { _ in pinnedDocuments },
        Migration(name: "0006-conversations") { conversations($0) },
        Migration(name: "0007-settings-revision") { _ in settingsRevision },
        Migration(name: "0008-serving-embedders") { servingEmbedders($0) },
        Migration(name: "0009-callers") { callers($0) },
        Migration(name: "0011-job-leases") { jobLeases($0) },
        Migration(name: "0012-people") { people($0) },
        Migration(name: "0013-embeds") { embeds($0) },
        Migration(name: "0014-folders") { folders($0) },
        Migration(name: "0015-document-parts") { documentParts($0) },
        Migration(name: "0016-job-callers") { jobCallers($0) },
        Migration(name: "0017-uploads") { uploads($0) },
        Migration(name: "0018-user-questions") { _ in userQuestions },
        Migration(name: "0019-links") { links($0) },
        Migration(name: "0023-invite-uses") { _ in inviteUses },
        Migration(name: "0024-chunk-terms") { chunkTerms($0) },
        Migration(name: "0025-responses") { responses($0) },
        Migration(name: "0026-files") { files($0) },
        Migration(name: "0027-model-routers") { modelRouters($0) },
    ]
}
