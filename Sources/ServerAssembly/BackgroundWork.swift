import Engine
import Logging
import Persistence
import VectorStores

/// What runs beside the requests: jobs, the filling of the vector store, and the watch for revoked rights.
package struct BackgroundWork: Sendable {
    let jobs: JobQueue
    let embedders: EmbedderStore
    let vectors: EmbeddedVectorStore
    let revocation: RevocationWatch
    let logger: Logger

    /// Runs until the task is cancelled.
    package func run() async {
        await withDiscardingTaskGroup { group in
            group.addTask { await warm() }
            group.addTask { await runJobs() }
            group.addTask { await revocation.run() }
        }
    }

    private func warm() async {
        do {
            try await vectors.warm(embedders.servingNamespaces())
        } catch {
            logger.warning("A workspace's vectors could not be read", metadata: ["error": "\(error)"])
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
