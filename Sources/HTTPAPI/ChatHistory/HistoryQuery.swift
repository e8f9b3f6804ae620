import Domain
import Engine
import Hummingbird
import Persistence

/// Which chats a listing shows and how.
///
/// | parameter | default | |
/// |---|---|---|
/// | limit | 100, in threads all | chats, each of which is two messages |
/// | orderBy | asc | `desc`: the newest chat first, in each the user's message first |
/// | before, after | | only chats with a smaller, a greater chat id |
/// | includeExcluded | for a session true, else false | shows, flagged, what is no part of the history |
/// | includeAttachments | true | `false` leaves the contents of attachments out |
struct HistoryQuery {
    /// `nil` for all.
    let limit: Int?
    let isDescending: Bool
    let before: Chat.ID?
    let after: Chat.ID?
    let includesExcluded: Bool
    let includesAttachments: Bool

    static let defaultLimit = 100
    static let maximumLimit = 10_000

    init(
        _ parameters: QueryParameters, defaultLimit: Int?, showsExcluded: Bool = false
    ) throws(APIError) {
        limit = parameters.leadingInteger("limit").map { min(Self.maximumLimit, max(1, $0)) } ?? defaultLimit
        isDescending = parameters["orderBy"] == "desc"
        before = try parameters.id("before")
        after = try parameters.id("after")
        includesExcluded = parameters.flag("includeExcluded", else: showsExcluded)
        includesAttachments = parameters.flag("includeAttachments", else: true)
    }

    /// Whether the page is the oldest part of what is asked for, as it is for those who follow a conversation.
    private var isFromOldest: Bool { after != nil && before == nil }

    /// One page: the newest chats, or behind `after` the oldest.
    func page(of selection: ChatSelection, in conversations: ConversationDirectory) async throws -> HistoryPage {
        var selection = selection
        selection.before = before
        selection.after = after
        selection.includesExcluded = includesExcluded
        // One more than is shown tells whether there are others.
        let found = try await conversations.ids(
            in: selection, fromOldest: isFromOldest, limit: limit.map { $0 + 1 } ?? Int(Int32.max))
        let shown = Array(found.prefix(limit ?? found.count))
        return HistoryPage(
            ids: isFromOldest == isDescending ? shown.reversed() : shown,
            cursor: shown.count < found.count ? shown.last : nil)
    }
}

/// What a listing shows, before it is read.
struct HistoryPage {
    /// In the order in which they are shown.
    let ids: [Chat.ID]
    /// Where there is more: what to send as `before`, or as `after` where that was sent, for the next page.
    let cursor: Chat.ID?
}
