import Domain
import Engine
package import Hummingbird
import OrderedJSON

/// The whole API.
///
/// - Parameter listensOnLoopback: whether nobody but this machine reaches the server.
package func buildRouter(_ services: APIServices, listensOnLoopback: Bool = true) -> Router<APIContext> {
    let table = routeTable(services)
    let router = Router(context: APIContext.self, options: [.caseInsensitive])
    router.add(middleware: RequestRecordMiddleware())
    router.add(middleware: LargeAnswerMiddleware(directory: services.library.ingestion.spool.path))
    router.add(middleware: CORSMiddleware(embeds: services.embeds.chats))
    router.add(middleware: ConditionalGetMiddleware())
    router.add(middleware: ErrorMiddleware(routes: table))
    let (access, settings) = (services.access, services.administration.settings)
    router.add(middleware: HostMiddleware(settings: settings, listensOnLoopback: listensOnLoopback))
    router.add(middleware: MCPOriginMiddleware(settings: settings, listensOnLoopback: listensOnLoopback))
    router.add(middleware: CallerMiddleware(keys: access.keys, sessions: access.sessions, settings: settings))
    for route in table.routes {
        // HEAD is answered like GET, and `RequestRecordMiddleware` takes the body away: the router's own HEAD would do so behind it,
        // and say that a streamed body has no bytes.
        for method in route.method == .get ? [.get, .head] : [route.method] {
            router.on(RouterPath(route.path), method: method) { request, context in
                try await route.respond(to: request, context, mode: access.mode)
            }
        }
    }
    return router
}

/// Every operation there is, with who may call it.
package func routeTable(_ services: APIServices) -> RouteTable {
    RouteTable(
        instanceRoutes(services) + peopleRoutes(services) + workspaceRoutes(services) + openAIRoutes(services)
            + [MCPRoutes(server: MCPServer(services)).endpoints])
}

private func instanceRoutes(_ services: APIServices) -> [RouteTable] {
    let (administration, library) = (services.administration, services.library)
    return [
        RouteTable(under: "/api").get("ping", .everybody) { _, _ in Response(json: ["online": true]) },
        DocumentationRoutes(settings: administration.settings).endpoints,
        MetricsRoutes(jobs: administration.jobs).endpoints,
        AuthenticationRoutes().endpoints,
        SystemRoutes(
            settings: administration.settings, editor: administration.editor, statistics: administration.statistics,
            preferences: administration.preferences, dump: administration.dump, catalog: services.models.catalog
        ).endpoints,
        PreferenceRoutes(preferences: administration.preferences).endpoints,
        InstanceExportRoutes(conversations: services.conversations.all, settings: administration.settings).endpoints,
        JobRoutes(jobs: administration.jobs, reports: administration.jobReports).endpoints,
        DocumentRoutes(
            ingestion: library.ingestion, links: library.links, reader: library.reader,
            uploadLimits: library.uploadLimits
        ).endpoints,
        WatchRoutes(watch: library.watch).endpoints,
        ListingRoutes(directory: library.documents, watch: library.watch).endpoints,
        FolderRoutes(folders: library.folders, removal: library.removal).endpoints,
        GeneratedFileRoutes(files: library.generatedFiles).endpoints,
    ]
}

private func peopleRoutes(_ services: APIServices) -> [RouteTable] {
    let (access, people, workspaces) = (services.access, services.people, services.workspaces.directory)
    return [
        UserRoutes(accounts: people.accounts, mode: access.mode, tokens: people.tokens, workspaces: workspaces)
            .endpoints,
        InviteRoutes(invitations: people.invitations).endpoints,
        MemberRoutes(members: people.members, workspaces: workspaces).endpoints,
        SignInRoutes(
            signIn: people.signIn, tokens: people.tokens, recovery: people.recovery, accounts: people.accounts,
            mode: access.mode, multiUserSwitch: people.multiUserSwitch, owner: people.owner,
            settings: services.administration.settings, statistics: services.administration.statistics
        ).endpoints,
        IdentityRoutes(identities: people.identities, settings: services.administration.settings).endpoints,
        KeyRoutes(keys: access.keys, workspaces: workspaces).endpoints,
        EventRoutes(log: services.administration.events).endpoints,
        EmbedRoutes(
            registry: services.embeds.registry, conversations: services.conversations.all,
            settings: services.administration.settings
        ).endpoints,
        WidgetRoutes(chats: services.embeds.chats).endpoints,
        ModelRouterRoutes(routers: services.models.routers).endpoints,
    ]
}

private func workspaceRoutes(_ services: APIServices) -> [RouteTable] {
    let (workspaces, documents) = (services.workspaces.directory, services.library.documents)
    let conversations = services.conversations.directory
    return [
        WorkspaceRoutes(
            workspaces: workspaces, conversations: conversations, documents: documents,
            registry: services.workspaces.registry, jobs: services.administration.jobs,
            settings: services.administration.settings, languageModel: services.models.languageModel
        ).endpoints,
        PinRoutes(workspaces: workspaces, documents: documents).endpoints,
        VectorSearchRoutes(
            workspaces: workspaces, documents: documents, retriever: services.search.retriever
        ).endpoints,
        ThreadRoutes(workspaces: workspaces, conversations: conversations).endpoints,
        HistoryRoutes(workspaces: workspaces, conversations: conversations).endpoints,
        ExportRoutes(
            workspaces: workspaces, conversations: conversations, printer: services.conversations.printer
        ).endpoints,
        ChatRoutes(workspaces: workspaces, conversations: conversations, chat: services.conversations.chat).endpoints,
    ]
}

/// OpenAI's API, beside the developer API and where OpenAI's own clients look for it.
private func openAIRoutes(_ services: APIServices) -> [RouteTable] {
    openAITables(services).map { $0.also(under: "/v1", insteadOf: "/api/v1/openai") }
}

private func openAITables(_ services: APIServices) -> [RouteTable] {
    let (workspaces, settings) = (services.workspaces.directory, services.administration.settings)
    let (search, models, library) = (services.search, services.models, services.library)
    let stores = VectorStoreFinder(
        workspaces: workspaces, documents: library.documents, library: library.files, files: services.workspaces.files,
        embedding: search.embedding)
    return [
        OpenAIRoutes(
            workspaces: workspaces, chat: services.conversations.chat, settings: settings,
            languageModel: models.languageModel
        ).endpoints,
        ResponseRoutes(
            workspaces: workspaces, chat: services.conversations.chat, archive: services.conversations.responses,
            languageModel: models.languageModel
        ).endpoints,
        FileRoutes(files: library.files, ingestion: library.ingestion, uploadLimits: library.uploadLimits).endpoints,
        VectorStoreRoutes(
            finder: stores, registry: services.workspaces.registry, statistics: services.administration.statistics,
            retriever: search.retriever, settings: settings
        ).endpoints,
        VectorStoreFileRoutes(finder: stores).endpoints,
        EmbeddingsRoutes(embedding: search.embedding, tokens: models.tokens).endpoints,
        AudioRoutes(
            recordings: library.recordings, spool: library.ingestion.spool, uploadLimits: library.uploadLimits,
            limits: services.conversations.chat.limits
        ).endpoints,
        ImageRoutes(
            settings: settings, limits: services.conversations.chat.limits, imageGenerator: models.imageGenerator
        ).endpoints,
        SpeechRoutes(
            limits: services.conversations.chat.limits, synthesizer: models.synthesizer
        ).endpoints,
    ]
}
