import Domain
import Engine
import Persistence
import SQLiteDriver
import Testing

@Suite struct CallerTests {
    @Test(arguments: [
        Caller.nobody, .system, .key(.init(id: 3)),
        .key(.init(id: 1 << 40, name: "a\"b", scopes: [.read, .chat], workspaces: .only([7, 9]))),
        .key(.init(id: 1, workspaces: .only([]))),
        .user(.init(id: 2, name: "anna", role: .default, workspaces: .only([1]))),
        .user(.init(id: 2, name: "anna", role: .admin, workspaces: .all)),
        .visitor(.init(embedID: 4, sessionID: "s", workspaceID: 5)),
    ])
    func `a stored caller comes back with the same rights`(caller: Caller) {
        #expect(Caller(sqlValue: caller.sqlValue) == caller)
    }

    @Test(arguments: [
        #"{"kind":"king"}"#, #"{"kind":"key"}"#, #"{"kind":"key","id":1,"scopes":["everything"]}"#,
        #"{"kind":"user","id":1,"name":"a","role":"owner"}"#, #"{"kind":"visitor","id":1}"#, "key", "",
    ])
    func `what is no caller does not become one`(text: String) {
        #expect(Caller(sqlValue: .text(text)) == nil)
    }

    @Test func `a key without scopes may do everything, nobody nothing`() {
        for permission in Permission.allCases {
            #expect(Caller.key(.init(id: 1)).refusal(of: permission) == nil)
            #expect(Caller.system.refusal(of: permission) == nil)
            #expect(Caller.nobody.refusal(of: permission) != nil)
        }
        #expect(Caller.nobody.workspaces == .only([]))
    }

    @Test func `a scope holds those before it`() {
        var held: Set<Permission> = []
        for scope in Caller.Scope.allCases {
            let own = Set(
                Permission.allCases.filter { Caller.key(.init(id: 1, scopes: [scope])).refusal(of: $0) == nil })
            #expect(own.isStrictSuperset(of: held), "\(scope)")
            held = own
        }
        #expect(held == Set(Permission.allCases))
    }

    /// Chapter 5 of the administration contract.
    @Test func `roles hold what the contract says`() {
        let byDefault: Set<Permission> = [
            .readWorkspaces, .search, .readConversations, .converse, .useModels, .readJobs,
        ]
        let onlyAdministrators: Set<Permission> = [
            .readSettings, .changeSettings, .issueSignInTokens, .manageKeys, .manageEmbeds, .readEvents, .clearEvents,
            .changeMode,
        ]
        for permission in Permission.allCases {
            #expect((Self.user(.default).refusal(of: permission) == nil) == byDefault.contains(permission))
            #expect((Self.user(.manager).refusal(of: permission) == nil) == !onlyAdministrators.contains(permission))
            #expect(Self.user(.admin).refusal(of: permission) == nil)
        }
    }

    private static func user(_ role: Caller.Role) -> Caller {
        .user(.init(id: 1, name: "u", role: role, workspaces: role == .default ? .only([1]) : .all))
    }

    @Test func `a key is found with its rights until it is revoked`() async throws {
        let database = try SQLiteDatabase.inMemory()
        try await Migrator(database).migrate()
        let workspaces = WorkspaceStore(database)
        for slug in ["a", "b"] { _ = try await workspaces.create(WorkspaceSettings(name: slug), slug: slug, at: .now) }
        let keys = APIKeys(database: database)
        let all = try await keys.create(.init(name: nil), by: .system)
        var limited = APIKeyStore.NewKey(name: "some")
        (limited.scopes, limited.workspaces) = ([.chat, .read], .only([1, 2]))
        let some = try await keys.create(limited, by: .system)
        let verdict: (String) async throws -> CallerCredential.Verdict = {
            try await keys.verdict(on: CallerCredential($0))
        }
        #expect(try await verdict(all.key) == .caller(.key(.init(id: 1))))
        #expect(keys.remembered(CallerCredential(all.key)) == .caller(.key(.init(id: 1))))
        #expect(keys.remembered(CallerCredential(some.key)) == nil)
        let rights = Caller.APIKey(id: 2, name: "some", scopes: [.chat, .read], workspaces: .only([1, 2]))
        #expect(try await verdict(some.key) == .caller(.key(rights)))
        #expect(try await keys.all().map(\.key) == [.init(id: 1), rights])
        #expect(try await verdict("nothing") == .refused("Invalid auth token."))
        #expect(try await keys.revoke(id: 2, by: .system)?.key == rights)
        #expect(try await keys.revoke(id: 2, by: .system) == nil)
        #expect(keys.remembered(CallerCredential(all.key)) == nil)
        #expect(try await verdict(some.key) == .refused("Invalid auth token."))
    }

    @Test func `a key with a scope that this version does not know opens nothing`() async throws {
        let database = try SQLiteDatabase.inMemory()
        try await Migrator(database).migrate()
        let keys = APIKeys(database: database)
        var readOnly = APIKeyStore.NewKey(name: nil)
        readOnly.scopes = [.read]
        let made = try await keys.create(readOnly, by: .system)
        try await database.write("UPDATE api_key SET scopes = 'read,telepathy'")
        await #expect(throws: (any Error).self) { try await keys.verdict(on: CallerCredential(made.key)) }
    }
}
