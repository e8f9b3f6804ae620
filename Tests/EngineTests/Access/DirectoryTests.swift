import Domain
import Engine
import Persistence
import SQLiteDriver
import Testing

/// Users come with a later version; whom they see is decided already.
@Suite struct DirectoryTests {
    private let anna = Caller.user(.init(id: 1, name: "anna", role: .default, workspaces: .only([1])))
    private let ben = Caller.user(.init(id: 2, name: "ben", role: .default, workspaces: .only([1, 2])))
    private let manager = Caller.user(.init(id: 3, name: "mia", role: .manager, workspaces: .all))

    @Test func `a user finds the workspaces that are hers`() async throws {
        let fixture = try await Fixture()
        #expect(try await fixture.workspaces.all(for: anna).map(\.slug) == ["a"])
        #expect(try await fixture.workspaces.all(for: manager).map(\.slug) == ["a", "b"])
        #expect(try await fixture.workspaces.all(for: .nobody).isEmpty)
        #expect(try await fixture.workspaces.find(slug: "b", for: anna) == nil)
        #expect(try await fixture.workspaces.find(id: 2, for: anna) == nil)
        #expect(try await fixture.workspaces.find(slugs: ["a", "b"], for: anna).map(\.slug) == ["a"])
        #expect(try await fixture.workspaces.find(slug: "b", for: ben)?.slug == "b")
    }

    @Test func `a user finds her own threads, a manager everybody's`() async throws {
        let fixture = try await Fixture()
        let workspace = try #require(try await fixture.workspaces.find(slug: "a", for: .system))
        let conversations = fixture.conversations
        for (slug, caller) in [("hers", anna), ("his", ben)] {
            _ = try await conversations.createThread(named: slug, slug: slug, in: workspace, by: caller)
        }
        #expect(try await conversations.threads(of: [workspace], for: anna).map(\.slug) == ["hers"])
        #expect(try await conversations.threads(of: [workspace], for: manager).map(\.slug) == ["hers", "his"])
        #expect(try await conversations.thread(slug: "his", in: workspace, for: anna) == nil)
        #expect(try await conversations.renameThread(slug: "his", in: workspace, to: "x", by: anna) == nil)
        try await conversations.deleteThread(slug: "his", in: workspace, by: anna)
        #expect(try await conversations.thread(slug: "his", in: workspace, for: ben)?.name == "his")
    }

    @Test func `a user reads and judges her own chats`() async throws {
        let fixture = try await Fixture()
        let workspace = try #require(try await fixture.workspaces.find(slug: "a", for: .system))
        let hers = try await fixture.store("hers", by: anna)
        let his = try await fixture.store("his", by: ben)
        let conversations = fixture.conversations
        let seen = conversations.selection(session: nil, of: workspace, for: anna)
        #expect(try await conversations.ids(in: seen, fromOldest: true, limit: 10) == [hers])
        let all = conversations.selection(session: nil, of: workspace, for: manager)
        #expect(try await conversations.ids(in: all, fromOldest: true, limit: 10) == [hers, his])
        #expect(try await !conversations.setFeedback(true, on: his, in: workspace, by: anna))
        #expect(try await conversations.setFeedback(true, on: hers, in: workspace, by: anna))
    }
}

private struct Fixture {
    let workspaces: WorkspaceDirectory
    let conversations: ConversationDirectory
    private let chats: ChatStore

    init() async throws {
        let database = try SQLiteDatabase.inMemory()
        try await Migrator(database).migrate()
        let store = WorkspaceStore(database)
        for slug in ["a", "b"] { _ = try await store.create(WorkspaceSettings(name: slug), slug: slug, at: .now) }
        chats = ChatStore(database)
        workspaces = WorkspaceDirectory(workspaces: store)
        conversations = ConversationDirectory(
            threads: ThreadStore(database), chats: chats, users: UserStore(database),
            mode: InstanceMode(preferences: PreferenceStore(database)), running: RunningAnswers(),
            events: EventStore(database))
    }

    func store(_ prompt: String, by caller: Caller) async throws -> Chat.ID {
        let chat = Chat(
            conversation: Conversation(workspaceID: 1, userID: caller.userID), prompt: prompt, answer: "a",
            mode: "chat", isIncluded: true)
        return try await chats.insert(chat, event: .rawTextUploaded, by: caller, at: .now)
    }
}
