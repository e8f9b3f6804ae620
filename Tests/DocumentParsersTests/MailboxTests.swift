import Domain
import Foundation
import Testing

@testable import DocumentParsers

@Suite struct MailboxTests {
    private func documents(_ text: String, as name: String = "a.mbox") async throws -> [ParsedDocument] {
        try await Fixture.withFile(Array(text.utf8)) {
            try DocumentDispatcher().read(path: $0, fileName: name, limits: ParseLimits())
        }
    }

    private func message(_ body: String, subject: String = "s") -> String {
        "From ada@example.org Tue Mar  5 07:08:09 2024\nFrom: ada@example.org\nSubject: \(subject)\n\n\(body)\n\n"
    }

    @Test func `each message is a document, one of a subject alone as well, and so is what is attached`() throws {
        let documents = try DocumentDispatcher().read(
            path: Fixture.path("harbour.mbox"), fileName: "harbour.mbox", limits: ParseLimits())
        #expect(
            documents.map(\.member) == [
                .message(1), .attachment("cargo.txt", within: 1), .message(2), .message(3),
            ])
        #expect(documents[0].text.hasSuffix("\n\nFrom now on we sail at six."))
        #expect(documents[1].text.trimmed == "Twelve crates.")
        #expect(documents[2].text.hasSuffix("\nSubject: Message no. 2"))
        #expect(documents[3].text.hasSuffix("\n\nOnly HTML here."))
        #expect(documents[3].title == "Message no. 3")
    }

    @Test func `a line that begins with From parts messages only where it must`() async throws {
        let mailbox =
            message(
                "One.\n\nFrom the start we knew.\n>From here, >>From there\n>>From 1\nFrom: not a field", subject: "1")
            + message("Two.", subject: "2")
        let documents = try await documents(mailbox)
        #expect(documents.map(\.title) == ["1", "2"])
        #expect(documents.map(\.member) == [.message(1), .message(2)])
        #expect(
            documents[0].text.hasSuffix(
                "One.\n\nFrom the start we knew.\nFrom here, >>From there\n>From 1\nFrom: not a field"))
        #expect(documents[0].publishedMilliseconds == 1_709_622_489_000)
    }

    @Test func `line ends of Windows and a missing blank line do no harm`() async throws {
        let mailbox = message("One.") + message("Two.")
        #expect(try await documents(mailbox.replacing("\n", with: "\r\n")).count == 2)
        #expect(try await documents(mailbox.replacing("\n\nFrom ", with: "\nFrom ")).count == 2)
    }

    @Test func `a mailbox without a telling name is recognised`() async throws {
        #expect(try await documents(message("One."), as: "Inbox")[0].member == .message(1))
        #expect(try await documents("From the start.\n", as: "Inbox")[0].member == nil)
    }

    @Test(arguments: ["Just a text.", "", "From ada Tue Mar  5 07:08:09 2024\nMessage-ID: <1@x>\n\n \n"])
    func `a mailbox without messages is empty`(text: String) async throws {
        await #expect(throws: ParseError.empty) { try await documents(text) }
    }

    @Test func `what cannot be read is said with the number of its message`() async throws {
        let encrypted = message("-----BEGIN PGP MESSAGE-----\nx\n-----END PGP MESSAGE-----")
        let documents = try await documents(encrypted + message("Two."))
        #expect(documents.map(\.member) == [.message(2)])
        #expect(documents[0].warnings == ["Message 1: A part of it is encrypted (OpenPGP) and was left out."])
        await #expect(throws: ParseError.encrypted) { try await self.documents(encrypted) }
    }

    @Test func `more messages than any mailbox has are refused before they are read`() async throws {
        let one = "From a 07:08\nA: b\n\n"
        let mailbox = String(repeating: one, count: MailDocuments.maximumDocuments + 1)
        await #expect(throws: ParseError.tooLarge("it has more than 100000 messages")) { try await documents(mailbox) }
    }
}
