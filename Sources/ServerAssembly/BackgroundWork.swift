import Domain
import Engine
import Logging
import Persistence
import SearchIndexes

/// What runs beside the requests: jobs, the filling of the vector store, checks of watched documents, servers of tools, and the
/// watch for revoked rights.
package struct BackgroundWork: Sendable {
    let jobs: JobQueue
    let embedders: EmbedderStore
    let vectors: EmbeddedVectorStore
    let words: EmbeddedTextIndex
    let revocation: RevocationWatch
    let keys: APIKeys
    let events: EventLog
    let conversations: InstanceConversations
    let responses: ResponseArchive
    let removal: DocumentRemoval
    let generatedFiles: GeneratedFiles
    let watch: LinkWatch
    let toolServer: (any ToolServer)?
    let logger: Logger

    /// Runs until the task is cancelled.
    package func run() async {
        await withDiscardingTaskGroup { group in
            group.addTask { await warm() }
            group.addTask { await runJobs() }
            group.addTask { await revocation.run() }
            group.addTask { await toolServer?.run() }
            group.addTask { await keepUp(every: .seconds(10), "The use of keys could not be stored", keys.storeUsage) }
            group.addTask {
                await keepUp(every: .seconds(3600), "What is too old could not be removed") {
                    try await events.expire()
                    try await conversations.expire()
                    try await responses.expire()
                    try await removal.finish()
                    try await watch.forgetUnused()
                }
            }
            group.addTask {
                await keepUp(every: .seconds(60), "Watched documents could not be checked") {
                    try await watch.beginDueChecks()
                }
            }
            group.addTask {
                await keepUp(every: .seconds(8 * 3600), "Old generated files could not be removed") {
                    try await generatedFiles.sweep()
                }
            }
        }
    }

    /// Does something again and again; a failure is logged, and the next time may do better.
    private func keepUp(
        every interval: Duration, _ failure: Logger.Message, _ work: @escaping @Sendable () async throws -> Void
    ) async {
        while !Task.isCancelled {
            do {
                try await work()
            } catch {
                if !Task.isCancelled { logger.warning(failure, metadata: ["error": "\(error)"]) }
            }
            try? await Task.sleep(for: interval)
        }
    }

    private func warm() async {
        do {
            let namespaces = try await embedders.servingNamespaces()
            try await vectors.warm(namespaces)
            try await words.warm(namespaces)
        } catch {
            logger.warning("A workspace's index could not be read", metadata: ["error": "\(error)"])
        }
    }

    private func runJobs() async {
        do {
            try await jobs.run()
        } catch {
            logger.error("Jobs have stopped", metadata: ["error": "\(error)"])
        }
    }
}
