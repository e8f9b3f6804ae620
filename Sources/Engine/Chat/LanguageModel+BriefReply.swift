import Domain

extension LanguageModel {
    /// A few words that the model was asked for beside the answer; `nil` where it gives none, or goes on and on. Throws only when
    /// the task is cancelled.
    ///
    /// - Parameter question: the user's.
    func briefReply(to text: String, question: String, instruction: String) async throws -> String? {
        let prompt = Prompt(
            messages: [Message(role: .system, text: instruction), Message(role: .user, text: text)],
            question: question, options: GenerationOptions(temperature: 0, maximumTokens: 200))
        var reply = ""
        do {
            _ = try await self.reply(to: prompt) { event in
                if case .text(let piece) = event { reply += piece }
                if reply.utf8.count > maximumBriefReply { throw ReplyTooLong() }
            }
        } catch let error as CancellationError {
            throw error
        } catch {
            try Task.checkCancellation()
            return nil
        }
        reply = reply.trimmed
        return reply.isEmpty ? nil : reply
    }
}

/// In bytes of UTF-8.
private let maximumBriefReply = 4000

private struct ReplyTooLong: Error {}
