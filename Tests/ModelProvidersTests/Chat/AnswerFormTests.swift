import Domain
import OrderedJSON
import Testing

@testable import ModelProviders

@Suite struct AnswerFormTests {
    private let schema = #"{"name":"x","schema":{"type":"object","properties":{"a":{"type":"string"}}},"strict":true}"#

    private func prompt(_ format: ResponseFormat?, tools: [String] = [], choice: ToolChoice? = nil) -> Prompt {
        var prompt = Prompt.hello
        prompt.options.responseFormat = format
        prompt.options.tools = tools.map { ToolDefinition(name: $0, description: nil, parameters: nil) }
        prompt.options.toolChoice = choice
        return prompt
    }

    @Test func `a form is a tool that the model has to call`() {
        let wanted = prompt(.jsonSchema(schema))
        let options = AnswerForm(for: wanted).asked(wanted).options
        #expect(options.tools.map(\.name) == ["answer"] && options.toolChoice == .named("answer"))
        #expect(options.tools.first?.parameters?.schema?["properties"]?["a"] == ["type": "string"])
        #expect(options.allowsParallelToolCalls == false)
        let object = prompt(.jsonObject)
        let free = AnswerForm(for: object).asked(object).options
        #expect(free.tools.first?.parameters?.schema == ["type": "object", "additionalProperties": true])
    }

    @Test func `beside other tools it is one of those that the model may call`() {
        for choice in [nil, .automatic, .required] as [ToolChoice?] {
            let wanted = prompt(.jsonObject, tools: ["answer", "search"], choice: choice)
            let options = AnswerForm(for: wanted).asked(wanted).options
            #expect(options.tools.map(\.name) == ["answer", "search", "answer_"] && options.toolChoice == .required)
        }
        let none = prompt(.jsonObject, tools: ["search"], choice: ToolChoice.none)
        #expect(AnswerForm(for: none).asked(none).options.toolChoice == .named("answer"))
        // What the client names is called, and has a form already.
        let named = prompt(.jsonObject, tools: ["search"], choice: .named("search"))
        #expect(AnswerForm(for: named).asked(named) == named)
        #expect(AnswerForm(for: prompt(.text)).asked(prompt(.text)) == prompt(.text))
    }

    @Test func `the arguments are the answer, and other calls are calls`() {
        var form = AnswerForm(for: prompt(.jsonObject, tools: ["search"]))
        func call(_ index: Int, _ name: String?, _ arguments: String) -> ReplyPart {
            var part = ReplyPart()
            part.toolCalls = [.init(index: index, id: name, name: name, arguments: arguments)]
            return form.answered(part)
        }
        #expect(call(1, "answer", "").toolCalls.isEmpty)
        #expect(call(1, nil, #"{"a":"#).text == #"{"a":"# && call(1, nil, "1}").text == "1}")
        var end = ReplyPart()
        end.finishReason = .toolCalls
        #expect(form.answered(end).finishReason == .stop)
        #expect(call(2, "search", "{}").toolCalls.count == 1 && call(2, nil, "x").toolCalls.count == 1)
        #expect(form.answered(end).finishReason == .toolCalls)
    }
}
