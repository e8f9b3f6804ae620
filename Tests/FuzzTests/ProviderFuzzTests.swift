import Domain
import EventStreams
import Foundation
import NIOHTTP1
import OrderedJSON
import TestSupport
import Testing

@testable import ModelProviders

extension FuzzTests {
    @Test func `event streams`() async {
        let fuzzer = Fuzzer(
            "event-streams",
            seeds: [
                "data: {\"choices\":[{\"delta\":{\"content\":\"a\"}}]}\n\ndata: [DONE]\n\n",
                "\u{FEFF}: comment\r\nevent: error\r\ndata: a\r\ndata:b\r\n\r\nid: 1\rretry: 5\rdata\r\r",
            ],
            dictionary: ["data:", "data: ", "event:", "\n\n", "\r\n", "\r", ":", "data\n"])
        await fuzzer.run { input, random in
            var whole = ServerSentEventParser(maximumLength: 4096)
            let expected = try whole.append(input) + [whole.finish()].compactMap { $0 }
            var parser = ServerSentEventParser(maximumLength: 4096)
            var events: [ServerSentEvent] = []
            var rest = input[...]
            while !rest.isEmpty {
                let piece = rest.prefix(Int.random(in: 1...12, using: &random))
                rest = rest.dropFirst(piece.count)
                events += try parser.append(piece)
            }
            events += [try parser.finish()].compactMap { $0 }
            #expect(events == expected)
            return !events.isEmpty
        }
    }

    @Test func `provider JSON`() async {
        let fuzzer = Fuzzer(
            "provider-JSON",
            seeds: [
                #"{"choices":[{"delta":{"content":"a","tool_calls":[{"index":0,"id":"x","function":{"name":"f","arguments":"{}"}}]},"finish_reason":null}],"usage":{"prompt_tokens":3,"completion_tokens":4}}"#,
                #"{"choices":[{"message":{"content":[{"type":"text","text":"a"}],"reasoning_content":"r"}}]}"#,
                #"{"error":{"message":"no","code":429}}"#, #"[{"error":"x"}]"#, "<html><title>502</title></html>",
            ],
            dictionary: [#""index":"#, "9223372036854775807", "-1", "1e30", #""usage""#, #""arguments":{}"#, "<title>"])
        await fuzzer.run { input, _ in
            _ = ProviderMessage.extract(from: input)
            _ = ReplyPart(chatCompletion: try JSON(parsing: input))
            return true
        }
    }

    @Test func `embeddings of providers`() async {
        let fuzzer = Fuzzer(
            "provider-embeddings",
            seeds: [
                #"{"data":[{"index":0,"embedding":[0.25,-1e-3,3]},{"index":1,"embedding":[1,2,3]}]}"#,
                #"{"data":[{"index":0,"embedding":"AACAPwAAAEAAAEBA"}]}"#,
            ],
            dictionary: ["1e39", "-1e39", #""index":-1"#, #""index":9223372036854775807"#, "AACAfw=="])
        await fuzzer.run { input, random in
            let response = try JSONDecoder().decode(EmbeddingsResponse.self, from: Data(input))
            let vectors = try response.vectors(count: Int.random(in: 0...2, using: &random), dimensions: nil)
            #expect(vectors.allSatisfy { $0.allSatisfy(\.isFinite) })
            return true
        }
    }

    @Test func `pauses that providers ask for`() async {
        let fuzzer = Fuzzer(
            "retry-after", seeds: ["3", "0.5", "Sun, 06 Nov 1994 08:49:37 GMT", "1e400"],
            dictionary: ["nan", "-", "Feb", "99:99:99", "GMT", "9999"])
        await fuzzer.run { input, _ in
            let text = String(decoding: input, as: UTF8.self)
            let pauses = ["retry-after", "retry-after-ms"].compactMap { HTTPHeaders([($0, text)]).retryAfter() }
            #expect(pauses.allSatisfy { $0 >= .zero && $0 <= .seconds(86_400) })
            return !pauses.isEmpty
        }
    }
}
