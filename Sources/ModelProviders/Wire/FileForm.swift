import AsyncHTTPClient
import Domain
import NIOCore
import NIOPosix

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// A form (RFC 7578) with one file in it, which is read from the disk while it is sent.
struct FileForm: Sendable {
    private let boundary = "lectern-" + UUIDText.random()
    private let path: String
    private let byteCount: Int
    private let head: ByteBuffer
    private let tail: ByteBuffer

    /// - Parameters:
    ///   - fields: names are ASCII, values anything but lines that look like the boundary, which is random.
    ///   - fileName: ASCII without quotation marks.
    init(fields: [(name: String, value: String)], path: String, byteCount: Int, fileName: String) {
        self.path = path
        self.byteCount = byteCount
        var head = ByteBuffer()
        for (name, value) in fields {
            head.writeString("--\(boundary)\r\nContent-Disposition: form-data; name=\"\(name)\"\r\n\r\n\(value)\r\n")
        }
        head.writeString(
            "--\(boundary)\r\nContent-Disposition: form-data; name=\"file\"; filename=\"\(fileName)\"\r\n"
                + "Content-Type: application/octet-stream\r\n\r\n")
        self.head = head
        tail = ByteBuffer(string: "\r\n--\(boundary)--\r\n")
    }

    var contentType: String { "multipart/form-data; boundary=\(boundary)" }

    /// Read from its beginning each time that it is sent.
    var body: HTTPClientRequest.Body {
        .stream(
            Bytes(path: path, head: head, tail: tail),
            length: .known(Int64(head.readableBytes + byteCount + tail.readableBytes)))
    }

    private struct Bytes: AsyncSequence, Sendable {
        let path: String
        let head: ByteBuffer
        let tail: ByteBuffer

        func makeAsyncIterator() -> Iterator { Iterator(form: self) }

        struct Iterator: AsyncIteratorProtocol {
            private enum Part { case head, file, end }

            private let form: Bytes
            private var part = Part.head
            private let file: OpenFile

            init(form: Bytes) {
                self.form = form
                file = OpenFile(path: form.path)
            }

            mutating func next() async throws -> ByteBuffer? {
                switch part {
                case .head:
                    part = .file
                    return form.head
                case .file:
                    let file = file
                    let bytes = try await NIOThreadPool.singleton.runIfActive { try file.read() }
                    if !bytes.isEmpty { return ByteBuffer(bytes: bytes) }
                    part = .end
                    return form.tail
                case .end: return nil
                }
            }
        }
    }

    /// A file that is read in order, by one caller at a time, and closed when nobody needs it any more.
    private final class OpenFile: Sendable {
        private let descriptor: CInt
        private static let pieceBytes = 128 << 10

        init(path: String) { descriptor = open(path, O_RDONLY | O_CLOEXEC) }

        deinit { if descriptor >= 0 { close(descriptor) } }

        /// The next bytes; none at the end. Where it cannot be read, the body ends too early, which fails the request.
        func read() throws -> [UInt8] {
            guard descriptor >= 0 else { throw IOError(errnoCode: ENOENT, reason: "open") }
            var piece = [UInt8](repeating: 0, count: Self.pieceBytes)
            while true {
                let count = piece.withUnsafeMutableBytes { Self.readOnce(descriptor, $0) }
                if count < 0 && errno == EINTR { continue }
                guard count >= 0 else { throw IOError(errnoCode: errno, reason: "read") }
                piece.removeLast(piece.count - count)
                return piece
            }
        }

        // The name of the method hides that of the system call.
        private static func readOnce(_ descriptor: CInt, _ buffer: UnsafeMutableRawBufferPointer) -> Int {
            #if canImport(Glibc)
                Glibc.read(descriptor, buffer.baseAddress, buffer.count)
            #elseif canImport(Musl)
                Musl.read(descriptor, buffer.baseAddress, buffer.count)
            #else
                Darwin.read(descriptor, buffer.baseAddress, buffer.count)
            #endif
        }
    }
}
