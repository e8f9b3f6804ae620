import Domain
import Logging
import Persistence

/// What is kept of an answer.
extension ChatService {
    /// `nil` for a chat that whoever asks keeps.
    func store(_ turn: ChatTurn, _ answer: ChatAnswer, isIncluded: Bool) async throws -> Chat.ID? {
        guard turn.request.isStored else { return nil }
        var chat = Chat(
            conversation: turn.request.conversation, prompt: turn.prompt, answer: answer.text,
            mode: turn.mode.rawValue, sources: answer.sources, attachments: turn.request.media,
            metrics: answer.metrics, isIncluded: isIncluded)
        chat.toolUses = answer.toolUses
        do {
            return try await stores.chats.insert(chat, event: turn.event, by: turn.request.caller, at: .now)
        } catch DatabaseError.foreignKeyViolation {
            throw ServiceError.notFound("The workspace or the thread was deleted.")
        }
    }

    /// Runs to its end even though the task that asked is cancelled.
    func storePartial(_ turn: ChatTurn, _ run: AnswerRun, sources: [Source]) async {
        guard run.writer.hasAnswer, turn.request.keepsPartialAnswer else { return }
        var answer = run.chatAnswer(sources: sources, duration: nil)
        answer.metrics?.isPartial = true
        let partial = answer
        await Task {
            do {
                _ = try await store(turn, partial, isIncluded: true)
            } catch {
                logger.warning("A partial answer was not stored", metadata: ["error": "\(error)"])
            }
        }.value
    }
}
