import Foundation
import NIOCore

/// A request body that arrives in pieces, and then ends or fails.
struct Pieces: AsyncSequence {
    typealias Element = ByteBuffer
    typealias Failure = any Error

    let pieces: [ByteBuffer]
    /// Thrown after the last piece, as a server does when the client disconnects.
    var failure: (any Error)?
    /// Called before a piece is handed out, with its index.
    var beforePiece: @Sendable (Int) -> Void = { _ in }

    /// `bytes` cut every `size` bytes.
    init(_ bytes: [UInt8], every size: Int, failure: (any Error)? = nil) {
        pieces = stride(from: 0, to: bytes.count, by: size).map {
            ByteBuffer(bytes: bytes[$0..<Swift.min($0 + size, bytes.count)])
        }
        self.failure = failure
    }

    init(pieces: [ByteBuffer]) { self.pieces = pieces }

    func makeAsyncIterator() -> Iterator { Iterator(body: self) }

    struct Iterator: AsyncIteratorProtocol {
        let body: Pieces
        var index = 0

        mutating func next() async throws -> ByteBuffer? {
            body.beforePiece(index)
            guard index < body.pieces.count else {
                if let failure = body.failure { throw failure }
                return nil
            }
            index += 1
            return body.pieces[index - 1]
        }
    }
}

/// One part of a form as a client writes it.
struct FormPart: Equatable {
    var header: [UInt8]
    var body: [UInt8]

    init(header: [UInt8], body: [UInt8]) {
        self.header = header
        self.body = body
    }

    init(_ header: String, _ body: String) { self.init(header: Array(header.utf8), body: Array(body.utf8)) }

    static func field(_ name: String, _ value: String) -> FormPart {
        FormPart("Content-Disposition: form-data; name=\"\(name)\"", value)
    }

    static func file(_ body: [UInt8], name: String = "file", disposition: String = "filename=\"report.pdf\"")
        -> FormPart
    {
        let header = "Content-Disposition: form-data; name=\"\(name)\"; \(disposition)\r\nContent-Type: application/pdf"
        return FormPart(header: Array(header.utf8), body: body)
    }
}

let boundary = "----FormBoundary7MA4YWxk"
let contentType = "multipart/form-data; boundary=\(boundary)"

/// The bytes of a whole form.
func form(_ parts: [FormPart], preamble: String = "", padding: String = "", epilogue: String = "\r\n") -> [UInt8] {
    var bytes = Array(preamble.utf8)
    for part in parts {
        bytes += Array("--\(boundary)\(padding)\r\n".utf8) + part.header + Array("\r\n\r\n".utf8) + part.body
        bytes += Array("\r\n".utf8)
    }
    return bytes + Array("--\(boundary)--\(epilogue)".utf8)
}

/// A directory that is gone when the value is.
final class TemporaryDirectory: Sendable {
    let path: String

    init() throws {
        let url = FileManager.default.temporaryDirectory.appending(path: "lectern-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        path = url.path(percentEncoded: false)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    var names: [String] { (try? FileManager.default.contentsOfDirectory(atPath: path).sorted()) ?? [] }
}
