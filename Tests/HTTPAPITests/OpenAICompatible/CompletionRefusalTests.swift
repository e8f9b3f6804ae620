import Domain
import HTTPTypes
import OrderedJSON
import Persistence
import Testing

/// A40 for completions: what is wrong is refused in OpenAI's shape, by the name of the field.
@Suite struct CompletionRefusalTests {
    private static let path = "/v1/openai/chat/completions"

    @Test(arguments: [
        (#""temperature":3"#, "temperature"), (#""temperature":"warm""#, "temperature"),
        (#""temperature":[]"#, "temperature"),
        (#""top_p":1.1"#, "top_p"), (#""max_tokens":0"#, "max_tokens"), (#""max_tokens":1.5"#, "max_tokens"),
        (#""max_completion_tokens":-1"#, "max_completion_tokens"), (#""seed":1.5"#, "seed"),
        (#""seed":99999999999999999999"#, "seed"), (#""presence_penalty":-3"#, "presence_penalty"),
        (#""frequency_penalty":true"#, "frequency_penalty"), (#""n":9"#, "n"), (#""n":0"#, "n"), (#""n":"x""#, "n"),
        (#""stop":7"#, "stop"), (#""stop":["a","b","c","d","e"]"#, "stop"), (#""stop":["a",1]"#, "stop"),
        (#""stream":"maybe""#, "stream"), (#""stream":7"#, "stream"), (#""use_documents":"no""#, "use_documents"),
        (#""stream_options":{"include_usage":true}"#, "stream_options"), (#""stream_options":7"#, "stream_options"),
        (#""stream":true,"stream_options":{"include_usage":7}"#, "stream_options.include_usage"),
        (#""user":7"#, "user"), (#""logprobs":"x""#, "logprobs"), (#""logit_bias":[]"#, "logit_bias"),
        (#""metadata":"x""#, "metadata"), (#""modalities":"text""#, "modalities"),
        (#""top_logprobs":21"#, "top_logprobs"),
        (#""functions":{}"#, "functions"), (#""functions":[{}]"#, "functions[0].name"),
        (#""functions":[{"name":"f"}],"tools":[]"#, "functions"),
        (#""functions":[{"name":"f"}],"function_call":{"name":"g"}"#, "function_call"),
        (#""functions":[{"name":"f"}],"function_call":"required""#, "function_call"),
        (#""response_format":"json""#, "response_format"), (#""response_format":{}"#, "response_format.type"),
        (#""response_format":{"type":"xml"}"#, "response_format.type"),
        (#""response_format":{"type":"json_schema"}"#, "response_format.json_schema"),
        (#""response_format":{"type":"json_schema","json_schema":{"name":"a b"}}"#, "response_format.json_schema.name"),
        (
            #""response_format":{"type":"json_schema","json_schema":{"name":"a","schema":7}}"#,
            "response_format.json_schema.schema"
        ),
        (#""tools":{}"#, "tools"), (#""tools":[7]"#, "tools[0]"), (#""tools":[{}]"#, "tools[0].type"),
        (#""tool_choice":{"type":"allowed_tools"}"#, "tool_choice.allowed_tools"),
        (#""tool_choice":{"type":"allowed_tools","allowed_tools":{}}"#, "tool_choice.allowed_tools.mode"),
        (#""tools":[{"type":"function"}]"#, "tools[0].function"),
        (#""tools":[{"type":"function","function":{"name":"a b"}}]"#, "tools[0].function.name"),
        (#""tools":[{"type":"function","function":{"name":"a","parameters":[]}}]"#, "tools[0].function.parameters"),
        (
            #""tools":[{"type":"function","function":{"name":"a"}},{"type":"function","function":{"name":"a"}}]"#,
            "tools[1].function.name"
        ),
        (#""tool_choice":"required""#, "tool_choice"), (#""tool_choice":"sometimes""#, "tool_choice"),
        (#""tool_choice":{"type":"function","function":{"name":"b"}}"#, "tool_choice"),
        (#""parallel_tool_calls":"x""#, "parallel_tool_calls"),
    ]) func `a field that is wrong is named`(field: String, parameter: String) async throws {
        let messages = #""messages":[{"role":"user","content":"x"}]"#
        try await refuses(#"{"model":"w",\#(messages),\#(field)}"#, parameter: parameter)
    }

    @Test(arguments: [
        ("7", "messages"), ("null", "messages"), ("[]", "messages"), ("[7]", "messages[0]"),
        (#"[{"content":"x"}]"#, "messages[0].role"), (#"[{"role":7,"content":"x"}]"#, "messages[0].role"),
        (#"[{"role":"function","content":"x"}]"#, "messages[0].name"),
        (#"[{"role":"user"}]"#, "messages[0].content"), (#"[{"role":"user","content":7}]"#, "messages[0].content"),
        (#"[{"role":"user","content":null}]"#, "messages[0].content"), (#"[{"role":"user","content":""}]"#, "messages"),
        (#"[{"role":"user","content":[]}]"#, "messages"),
        (#"[{"role":"user","content":[7]}]"#, "messages[0].content[0]"),
        (#"[{"role":"user","content":[{"type":"video"}]}]"#, "messages[0].content[0].type"),
        (#"[{"role":"user","content":[{"type":"text"}]}]"#, "messages[0].content[0].text"),
        (#"[{"role":"user","content":[{"type":"image_url"}]}]"#, "messages[0].content[0].image_url"),
        (
            #"[{"role":"user","content":[{"type":"image_url","image_url":{"url":"file:///etc/passwd"}}]}]"#,
            "messages[0].content[0].image_url"
        ),
        (
            #"[{"role":"user","content":[{"type":"image_url","image_url":{"url":"data:text/html;base64,PGI+"}}]}]"#,
            "messages[0].content[0].image_url"
        ),
        (
            #"[{"role":"user","content":[{"type":"input_audio","input_audio":{"data":"?","format":"wav"}}]}]"#,
            "messages[0].content[0].input_audio.data"
        ),
        (
            #"[{"role":"user","content":[{"type":"file","file":{"file_id":"f"}}]}]"#,
            "messages[0].content[0].file.file_id"
        ),
        (
            #"[{"role":"user","content":[{"type":"file","file":{"file_data":"?"}}]}]"#,
            "messages[0].content[0].file.file_data"
        ),
        (#"[{"role":"system","content":"x"}]"#, "messages"), (#"[{"role":"assistant","content":"x"}]"#, "messages"),
        (#"[{"role":"user","content":"x"},{"role":"assistant","content":"y"}]"#, "messages"),
        (
            #"[{"role":"user","content":"x"},{"role":"tool","tool_call_id":"c","content":"y"}]"#,
            "messages[1].tool_call_id"
        ),
        (
            #"[{"role":"user","content":"x"},{"role":"assistant","tool_calls":[{"id":"c","function":{"name":"f"}}]},{"role":"user","content":"y"}]"#,
            "messages"
        ),
        (
            #"[{"role":"user","content":"x"},{"role":"assistant","tool_calls":[{"id":"c"}]},{"role":"user","content":"y"}]"#,
            "messages[1].tool_calls[0].function"
        ),
    ]) func `a conversation that is not in order is refused`(messages: String, parameter: String) async throws {
        try await refuses(#"{"model":"w","messages":\#(messages)}"#, parameter: parameter)
    }

    @Test(arguments: ["{", "[]", "7", #"{"model":"w","model":"w"}"#, String(repeating: "[", count: 100_000)])
    func `a body that is no object is refused in OpenAI's shape`(body: String) async throws {
        try await TestServer.run { client in
            for path in [Self.path, "/v1/openai/embeddings"] {
                let (status, text) = try await client.send(.post, path, raw: body)
                let error = try JSON(parsing: text)["error"]
                #expect(status == 400)
                #expect(error?["message"]?.stringValue?.isEmpty == false && error?["type"] == "invalid_request_error")
            }
        }
    }

    @Test func `what fails unexpectedly is said in OpenAI's shape, and no more than that`() async throws {
        try await TestServer.run { client in
            try await client.server.database.write("ALTER TABLE workspace RENAME TO gone")
            let body: JSON = ["model": "w", "messages": [["role": "user", "content": "x"]]]
            for (method, path, body) in [(.get, "/v1/openai/models", nil), (.post, Self.path, body)]
                as [(HTTPRequest.Method, String, JSON?)]
            {
                let (status, text) = try await client.send(method, path, body)
                #expect(status == 500)
                #expect(
                    text == #"{"error":{"message":"Internal Server Error","type":"server_error","param":null,"#
                        + #""code":null}}"#)
            }
        }
    }

    @Test(arguments: ["null", "7", #""""#, #""x""#, "[]"])
    func `a model that is no workspace is not found`(model: String) async throws {
        try await TestServer.run { client in
            let (status, text) = try await client.send(
                .post, Self.path, raw: #"{"model":\#(model),"messages":[{"role":"user","content":"x"}]}"#)
            #expect(status == 401)
            #expect(try JSON(parsing: text)["error"]?["code"] == "model_not_found")
        }
    }

    private func refuses(_ body: String, parameter: String) async throws {
        let model = ConversingModel()
        try await TestServer.run(model: model) { client in
            _ = try await client.json(.post, "/v1/workspace/new", ["name": "w"])
            let (status, text) = try await client.send(.post, Self.path, raw: body)
            let error = try #require(try JSON(parsing: text)["error"])
            #expect(status == 400)
            #expect(error["param"]?.stringValue == parameter, "\(error.text)")
            #expect(error["type"] == "invalid_request_error")
            #expect(error["message"]?.stringValue?.isEmpty == false)
            #expect(model.prompts.isEmpty)
        }
    }
}
