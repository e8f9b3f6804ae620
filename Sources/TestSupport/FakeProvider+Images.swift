import FoundationEssentials
package import OrderedJSON

/// What the fake provider does with one request for a picture, made or changed.
package enum FakeImageReply: Sendable {
    /// These bytes in base64.
    case picture([UInt8])
    /// Where these bytes can be fetched, once.
    case address([UInt8])
    case json(JSON)
    case failure(Int, String)
    /// Takes the request and never answers.
    case silence

    /// The smallest PNG: one pixel without colour.
    package static let png: [UInt8] = Array(
        Data(
            base64Encoded:
                "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="
        ) ?? Data())
}

extension FakeProvider {
    /// One reply for each request for a picture, in order; the last one stands for all that follow.
    package func answerImages(_ replies: FakeImageReply...) { state.change { $0.imageReplies = replies } }

    /// The address of everything before `/v1`, as Ollama's clients are given it.
    package var origin: String { String(baseURL.dropLast("/v1".count)) }

    /// The JSON of a reply that has one.
    func images(_ reply: FakeImageReply) -> JSON? {
        switch reply {
        case .picture(let bytes):
            return ["created": 1, "data": [["b64_json": .string(Data(bytes).base64EncodedString())]]]
        case .address(let bytes):
            state.change { $0.files["/files/picture"] = bytes }
            return ["data": [["url": .string("\(origin)/files/picture")]]]
        case .json(let json): return json
        case .failure, .silence: return nil
        }
    }
}
