import Domain
import Engine
import HTTPTypes
import Hummingbird
import OrderedJSON
import Persistence

/// Folders, and what lies in them.
///
/// | operation | who |
/// |---|---|
/// | `POST document/create-folder`, `POST document/move-files` | who may add documents |
/// | `DELETE document/remove-folder`, `DELETE system/remove-documents` | who may remove documents |
///
/// A refusal has the status and the words of the wire; where the wire's other server would have made something of a name
/// that is none, it is 400.
struct FolderRoutes: Sendable {
    let folders: FolderRegistry
    let removal: DocumentRemoval

    var endpoints: RouteTable {
        RouteTable(under: "/api/v1")
            .post("document/create-folder", .requires(.addDocuments), use: create)
            .delete("document/remove-folder", .requires(.removeDocuments), use: remove)
            .post("document/move-files", .requires(.addDocuments), use: move)
            .delete("system/remove-documents", .requires(.removeDocuments), use: removeDocuments)
    }

    // MARK: Folders

    @Sendable private func create(_ request: Request, _ context: APIContext) async throws -> Response {
        var request = request
        let payload = try await RequestPayload(&request)
        do {
            let name = try FolderName(new: try Self.name(payload, to: "create"))
            try await folders.make(name, by: context.caller)
        } catch let flaw as FolderName.Flaw {
            throw Self.refusal(
                flaw.isOfTheWire ? .internalServerError : .badRequest, "Failed to create folder: \(flaw.reason)")
        } catch let error as ServiceError where error.code == .conflict {
            throw Self.refusal(.internalServerError, error.message)
        }
        return Response(json: ["success": true, "message": nil])
    }

    @Sendable private func remove(_ request: Request, _ context: APIContext) async throws -> Response {
        var request = request
        let payload = try await RequestPayload(&request)
        let text = try Self.name(payload, to: "remove")
        guard let name = FolderName(text) else {
            let isOfTheWire = [".", "/"].contains(text.trimmed)
            throw Self.refusal(
                isOfTheWire ? .internalServerError : .badRequest, "Failed to remove folder: Invalid path.")
        }
        do {
            let report = try await removal.removeFolder(name, by: context.caller)
            var body: JSONObject = ["success": true, "message": "Folder removed successfully"]
            body["found"] = .bool(report.folder != nil)
            body["removed"] = JSON(report.documentCount)
            body["workspaces"] = .array(report.shares.map(\.json))
            return Response(json: .object(body))
        } catch let error as ServiceError where error.code == .forbidden {
            // The wire's other server says 200 and removes nothing; that nothing was removed is said here.
            return Response(json: ["success": false, "message": .string(error.message), "removed": 0])
        }
    }

    /// Empty where the request has none.
    private static func name(_ payload: RequestPayload, to action: String) throws(APIError) -> String {
        switch payload["name"] ?? .null {
        case .null: return ""
        case .string(let name): return name
        default: throw refusal(.internalServerError, "Failed to \(action) folder: name must be a string.")
        }
    }

    private static func refusal(_ status: HTTPResponse.Status, _ message: String) -> APIError {
        APIError(status, body: ["success": false, "message": .string(message)])
    }

    // MARK: Documents

    /// Files that one request may move.
    private static let maximumMoves = 20_000

    @Sendable private func move(_ request: Request, _ context: APIContext) async throws -> Response {
        var request = request
        let payload = try await RequestPayload(&request)
        let moves = payload["files"]?.arrayValue?.map { file -> FolderRegistry.Move? in
            guard let from = file["from"]?.stringValue, let to = file["to"]?.stringValue,
                ![from, to].contains(where: Self.namesNothing)
            else { return nil }
            return FolderRegistry.Move(from: from, to: to)
        }
        guard let moves, !moves.contains(where: { $0 == nil }) else {
            throw Self.refusal(.internalServerError, "Failed to move files.")
        }
        guard moves.count <= Self.maximumMoves else {
            throw APIError(
                .contentTooLarge, message: "One request may move at most \(Self.maximumMoves) files; send several.")
        }
        let refusals = try await folders.move(moves.compactMap(\.self), by: context.caller)
        guard let first = refusals.first(where: \.isTaken) ?? refusals.first else {
            return Response(json: ["success": true, "message": nil])
        }
        let failed = refusals.map { refusal -> JSON in
            ["from": .string(refusal.move.from), "to": .string(refusal.move.to), "error": .string(refusal.reason)]
        }
        throw APIError(
            .internalServerError,
            body: [
                "success": false,
                "message": .string("Failed to move some files." + (first.isTaken ? " \(first.reason)" : "")),
                "failed": .array(failed),
            ])
    }

    /// Whether a path says no more than "here".
    private static func namesNothing(_ path: String) -> Bool {
        path.trimmed.split(separator: "/").allSatisfy { $0 == "." }
    }

    @Sendable private func removeDocuments(_ request: Request, _ context: APIContext) async throws -> Response {
        var request = request
        let payload = try await RequestPayload(&request)
        // All are read before any is removed.
        let paths = payload["names"]?.arrayValue?.map { name in
            name.stringValue.flatMap { DocumentPath($0) }
        }
        guard let paths, !paths.contains(nil) else {
            throw APIError(.badRequest, message: "names must be an array of document paths, folder/name.json.")
        }
        let report = try await removal.remove(paths.compactMap(\.self), by: context.caller)
        return Response(
            json: [
                "success": true, "message": "Documents removed successfully",
                "removed": .array(report.removed.map { .string($0.text) }),
                "notFound": .array(report.missing.map { .string($0.text) }),
                "workspaces": .array(report.shares.map(\.json)),
            ])
    }
}

extension FolderName.Flaw {
    /// Whether the wire has a status of its own for it.
    fileprivate var isOfTheWire: Bool { self == .nothing || self == .outside }
}

extension DocumentStore.WorkspaceShare {
    fileprivate var json: JSON { ["workspace": .string(slug), "documents": JSON(count)] }
}
