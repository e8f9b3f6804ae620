import OrderedJSON
import Testing

@testable import ModelProviders

@Suite struct ReplyFilterTests {
    /// What is said of `text` when it comes in pieces of every length.
    private func said(_ filter: any ReplyFilter, _ text: String) -> Set<String> {
        Set(
            (1...max(1, text.count)).map { length in
                var filter = filter
                var said = ""
                var rest = text[...]
                while !rest.isEmpty {
                    said += filter.add(String(rest.prefix(length)))
                    rest = rest.dropFirst(length)
                }
                return said + filter.finish()
            })
    }

    static let elements = [
        ("a<tool_call>{}</tool_call>b", "ab"), ("<tool_call>x</tool_call>", ""),
        ("a < b <tool <tool_c", "a < b <tool <tool_c"),
        ("a<tool_call>never ends", "a"), ("1<tool_call>x</tool_call>2<tool_call></tool_call>3", "123"),
        ("</tool_call>a", "</tool_call>a"), ("<<tool_call>x</tool_call>", "<"),
    ]

    @Test(arguments: elements) func `elements are taken out, however they are cut`(text: String, expected: String) {
        #expect(said(ElementFilter("tool_call"), text) == [expected])
    }

    static let quotations = [
        ("so [1], and [2].", "so [[1](https://a)], and [[2](https://b)]."), ("[3][0][12345]", "[3][0][12345]"),
        ("[[1]] [x] [1", "[[[1](https://a)]] [x] [1"), ("[]", "[]"), ("[1](http://x)", "[[1](https://a)](http://x)"),
    ]

    @Test(arguments: quotations) func `numbers of pages lead to them`(text: String, expected: String) {
        var filter = WebQuotations()
        filter.note(["citations": ["https://a", "https://b"]])
        filter.note(["choices": []])
        #expect(said(filter, text) == [expected])
    }
}
