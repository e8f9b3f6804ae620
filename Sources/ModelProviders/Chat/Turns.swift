import Domain
import OrderedJSON

extension [Message] {
    /// Turns of users and of the assistant by turns, as vendors want them who keep the instruction apart: the results of tools are a
    /// user's, what one says in several messages is one turn, and the first one is a user's.
    ///
    /// - Parameters:
    ///   - opening: what a user says where the conversation begins with the assistant.
    ///   - blocks: of one message; none where it says nothing.
    func turns(
        opening: JSON, assistant: String = "assistant", content: String = "content", blocks: (Message) -> [JSON]
    ) -> [JSON] {
        var turns: [(role: String, blocks: [JSON])] = []
        for message in self where message.role != .system {
            let blocks = blocks(message)
            guard !blocks.isEmpty else { continue }
            let role = message.role == .assistant ? assistant : "user"
            if turns.last?.role == role {
                turns[turns.count - 1].blocks += blocks
            } else {
                turns.append((role, blocks))
            }
        }
        if turns.first?.role != "user" { turns.insert(("user", [opening]), at: 0) }
        return turns.map { ["role": .string($0.role), content: .array($0.blocks)] }
    }
}

extension Message {
    /// The text as those vendors take it: one that is blank is refused, and one of the assistant that ends in space; `nil` for none.
    var trimmedText: String? {
        var text = text[...]
        if role == .assistant { while text.last?.isWhitespace == true { text.removeLast() } }
        return text.allSatisfy(\.isWhitespace) ? nil : String(text)
    }
}
