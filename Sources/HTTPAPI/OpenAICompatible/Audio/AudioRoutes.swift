import Domain
import Engine
import HTTPTypes
import Hummingbird
import NIOCore
import OrderedJSON

/// Speech as text, by the transcriber that the settings name; nothing is kept of it.
struct AudioRoutes: Sendable {
    let recordings: RecordingReader
    let spool: SpoolDirectory
    let uploadLimits: UploadLimits
    /// `nil` where recordings are not counted.
    let limits: ChatLimits?

    var endpoints: RouteTable {
        RouteTable(under: "/api/v1/openai")
            .post("audio/transcriptions", .requires(.useModels)) { try await transcribe($0, $1, translates: false) }
            .post("audio/translations", .requires(.useModels)) { try await transcribe($0, $1, translates: true) }
            .post("moderations", .requires(.useModels), use: moderate)
    }

    private func transcribe(_ request: Request, _ context: APIContext, translates: Bool) async throws -> Response {
        let form = try await readForm(request)
        do {
            let payload = try TranscriptionPayload(OpenAIFields(form.fields.object), translates: translates)
            try await limits?.admit(context.caller)
            let transcript = try await request.whileConnected {
                try await recordings.transcript(of: form.file, named: form.clientFileName, payload.hints)
            }
            await spool.remove(form.file.name)
            return try payload.answer(transcript, to: request)
        } catch {
            await spool.remove(form.file.name)
            throw error
        }
    }

    private func readForm(_ request: Request) async throws -> UploadForm {
        ClientConnection.current?.inviteBody()
        do {
            return try await UploadForm.read(
                body: request.body, contentType: request.headers[.contentType], spool: spool, limits: uploadLimits)
        } catch let error as MultipartError {
            throw APIError.openAI(.badRequest, "The upload cannot be read. \(error)", parameter: "file")
        }
    }

    /// A verdict that nobody has come to would be worse than none.
    @Sendable private func moderate(_ request: Request, _ context: APIContext) async throws -> Response {
        throw APIError.openAI(
            .badRequest, "This server does not moderate: it has no model that judges texts.",
            code: "unsupported_operation")
    }
}
