package import Domain
package import Persistence

/// Makes folders, and gives documents other places in them.
///
/// A document is the same wherever it lies: embeddings, pins and memberships hang on its id, so that it may be moved at any
/// time.
package struct FolderRegistry: Sendable {
    private let documents: DocumentStore

    package init(documents: DocumentStore) { self.documents = documents }

    /// Makes a folder.
    ///
    /// - Throws: `ServiceError` of the code `conflict` where the caller knows of a folder whose name looks the same.
    package func make(_ name: FolderName, by caller: Caller) async throws {
        guard
            try await documents.makeFolder(name, event: .folderCreated(name: name.text), by: caller, at: .now)
        else { throw ServiceError(.conflict, "Folder by that name already exists") }
    }

    // MARK: Moves

    /// One file to move, in the words of a client.
    package struct Move: Sendable {
        package let from: String
        package let to: String

        package init(from: String, to: String) {
            self.from = from
            self.to = to
        }
    }

    /// Why a file cannot be moved, for people.
    package struct Refusal: Sendable {
        package let move: Move
        package let reason: String
        /// Whether there is a document in its place.
        package let isTaken: Bool
    }

    /// Moves documents and makes folders that are missing: all of them, or none where one cannot be moved. Nothing is
    /// overwritten, not even what another move of the same list would take away.
    ///
    /// - Returns: what cannot be moved; empty where all were.
    package func move(_ moves: [Move], by caller: Caller) async throws -> [Refusal] {
        var attempts = 0
        while true {
            let plan = try await plan(moves, by: caller)
            guard plan.refusals.isEmpty, !plan.moves.isEmpty else { return plan.refusals }
            do {
                try await documents.move(
                    plan.moves, event: .documentsMoved(plan.moves.count), by: caller, at: .now)
                return []
            } catch DatabaseError.uniqueViolation where attempts < 3 {
                // Something was put there meanwhile; the next plan says what.
                attempts += 1
            }
        }
    }

    private struct Plan {
        var moves: [(document: Document, target: DocumentPath)] = []
        var refusals: [Refusal] = []
    }

    private func plan(_ moves: [Move], by caller: Caller) async throws -> Plan {
        let sources = moves.map { DocumentPath($0.from) }
        let targets = moves.map { DocumentPath($0.to) }
        let found = try await documents.find(sources.compactMap(\.self), for: caller)
        let byPath = Dictionary(found.map { ($0.path, $0) }) { first, _ in first }
        let movable = try await documents.movable(found.map(\.id), by: caller)
        // Of everybody: a place is taken by a document whoever may see it.
        let taken = Dictionary(
            try await documents.find(targets.compactMap(\.self), for: .system).map { ($0.path, $0.id) }
        ) { first, _ in first }
        var plan = Plan()
        var seen: (sources: Set<DocumentPath>, targets: Set<DocumentPath>) = ([], [])
        for (index, move) in moves.enumerated() {
            let refuse = { (reason: String, isTaken: Bool) in
                plan.refusals.append(Refusal(move: move, reason: reason, isTaken: isTaken))
            }
            guard let source = sources[index], let document = byPath[source] else {
                refuse("There is no document of this name.", false)
                continue
            }
            guard movable.contains(document.id) else {
                refuse("Only what this key has brought in can be moved with it.", false)
                continue
            }
            guard let target = targets[index], target.name.lowercased().hasSuffix(".json") else {
                refuse("The target must be folder/name.json.", false)
                continue
            }
            guard !target.name.holdsControlCharacters else {
                refuse("The target holds control characters.", false)
                continue
            }
            if let reason = Self.flaw(of: target.folder) {
                refuse(reason, false)
                continue
            }
            guard seen.sources.insert(source).inserted, seen.targets.insert(target).inserted else {
                refuse("It is named twice.", false)
                continue
            }
            guard taken[target] == nil || taken[target] == document.id else {
                refuse("\(target.text) already exists.", true)
                continue
            }
            plan.moves.append((document, target))
        }
        return plan
    }

    private static func flaw(of folder: String) -> String? {
        do {
            _ = try FolderName(new: folder)
            return nil
        } catch {
            return error.reason
        }
    }
}

extension FolderName.Flaw {
    /// For people.
    package var reason: String {
        switch self {
        case .nothing: "Invalid path."
        case .outside: "Invalid path name"
        case .unfit(let why): "Invalid path name: \(why)."
        }
    }
}
