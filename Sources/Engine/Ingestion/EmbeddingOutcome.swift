import Domain
import Persistence

extension EventStore {
    /// What became of documents that were to be embedded in a workspace.
    func log(added: Int, failed: [String], to workspace: Workspace, by caller: Caller) async throws {
        if added > 0 { try await log(.documentsAdded(added, workspace: workspace.name), by: caller) }
        if !failed.isEmpty {
            // The log is for people, who read some names and a number.
            try await log(.documentsFailed(Array(failed.prefix(100)), workspace: workspace.name), by: caller)
        }
    }
}

/// What went wrong with one of several things, for people; `nil` where nothing did. Being stopped is passed on.
func failure(_ work: () async throws -> Void) async throws -> String? {
    do {
        try await work()
        return nil
    } catch let error as ServiceError {
        return error.message
    } catch let error as CancellationError {
        throw error
    } catch DatabaseError.full {
        return "There is no space left in the storage directory."
    } catch {
        return "A processing error occurred."
    }
}
