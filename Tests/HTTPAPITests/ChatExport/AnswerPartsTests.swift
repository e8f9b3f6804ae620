import Testing

@testable import HTTPAPI

@Suite struct AnswerPartsTests {
    @Test(
        arguments: [
            ("plain", "plain", nil), ("<think>a</think>b", "b", "a"), ("<thinking>a</thinking>\n\nb", "b", "a"),
            ("<thought>a</thought>b<thought_chain>c</thought_chain>d", "bd", "a\n\nc"),
            ("<think>cut off", "", "cut off"), ("The tag <think> is odd.", "The tag <think> is odd.", nil),
            ("<think></think>b", "b", nil), ("", "", nil),
        ] as [(String, String, String?)])
    func `what was thought stands apart from the answer`(answer: String, text: String, reasoning: String?) {
        let parts = AnswerParts(answer)
        #expect(parts.text == text)
        #expect(parts.reasoning == reasoning)
    }
}
