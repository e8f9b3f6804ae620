package import AsyncHTTPClient
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

/// A form (RFC 7578) with one file in it, or the file alone, which is read from the disk while it is sent.
package struct FileForm: Sendable {
    private let path: String
    private let byteCount: Int
    let head: ByteBuffer
    private let tail: ByteBuffer
    package let contentType: String

    /// - Parameters:
    ///   - fields: names are ASCII, values anything but lines that look like the boundary, which is random.
    ///   - byteCount: how much of the file is sent. Where it is shorter by then, the request fails; what has come behind it is
    ///     left out.
    ///   - fileName: any text.
    package init(fields: [(name: String, value: String)], path: String, byteCount: Int, fileName: String) {
        self.path = path
        self.byteCount = byteCount
        let boundary = "lectern-" + UUIDText.random()
        contentType = "multipart/form-data; boundary=\(boundary)"
        var head = ByteBuffer()
        for (name, value) in fields {
            head.writeString("--\(boundary)\r\nContent-Disposition: form-data; name=\"\(name)\"\r\n\r\n\(value)\r\n")
        }
        head.writeString(
            "--\(boundary)\r\nContent-Disposition: form-data; name=\"file\"; \(Self.parameter(fileName))\r\n"
                + "Content-Type: application/octet-stream\r\n\r\n")
        self.head = head
        tail = ByteBuffer(string: "\r\n--\(boundary)--\r\n")
    }

    /// The file without a form around it.
    ///
    /// - Parameter byteCount: how much of the file is sent, as in a form.
    package init(bare path: String, byteCount: Int, contentType: String) {
        self.path = path
        self.byteCount = byteCount
        self.contentType = contentType
        head = ByteBuffer()
        tail = ByteBuffer()
    }

    /// A name that header fields cannot hold as it is goes in the notation of RFC 8187 besides.
    private static func parameter(_ fileName: String) -> String {
        let isPlain = fileName.utf8.allSatisfy { 0x20..<0x7F ~= $0 && !#""\%"#.utf8.contains($0) }
        guard !isPlain else { return "filename=\"\(fileName)\"" }
        return "filename=\"file\"; filename*=UTF-8''\(fileName.extendedHeaderValue)"
    }

    /// Read from its beginning each time that it is sent.
    ///
    /// - Parameter sent: told how many bytes of the file are about to be sent, piece by piece.
    package func body(reporting sent: (@Sendable (Int) -> Void)? = nil) -> HTTPClientRequest.Body {
        .stream(
            Bytes(path: path, byteCount: byteCount, head: head, tail: tail, sent: sent),
            length: .known(Int64(head.readableBytes + byteCount + tail.readableBytes)))
    }

    private struct Bytes: AsyncSequence, Sendable {
        let path: String
        let byteCount: Int
        let head: ByteBuffer
        let tail: ByteBuffer
        let sent: (@Sendable (Int) -> Void)?

        func makeAsyncIterator() -> Iterator { Iterator(form: self) }

        struct Iterator: AsyncIteratorProtocol {
            private enum Part { case head, file, end }

            private let form: Bytes
            private var part = Part.head
            private let file: OpenFile
            private var rest: Int

            init(form: Bytes) {
                self.form = form
                rest = form.byteCount
                file = OpenFile(path: form.path)
            }

            mutating func next() async throws -> ByteBuffer? {
                switch part {
                case .head:
                    part = .file
                    if form.head.readableBytes > 0 { return form.head }
                    return try await next()
                case .file:
                    let (file, rest) = (file, rest)
                    let bytes = try await NIOThreadPool.singleton.runIfActive { try file.read(atMost: rest) }
                    if !bytes.isEmpty {
                        self.rest -= bytes.count
                        form.sent?(bytes.count)
                        return ByteBuffer(bytes: bytes)
                    }
                    part = .end
                    return form.tail.readableBytes > 0 ? form.tail : nil
                case .end: return nil
                }
            }
        }
    }

    /// A file that is read in order, by one caller at a time, and closed when nobody needs it any more.
    private final class OpenFile: Sendable {
        private let descriptor: CInt
        /// Why it could not be opened.
        private let code: CInt
        private static let pieceBytes = 128 << 10

        init(path: String) {
            descriptor = open(path, O_RDONLY | O_CLOEXEC)
            code = descriptor < 0 ? errno : 0
        }

        deinit { if descriptor >= 0 { close(descriptor) } }

        /// The next bytes; none at the end. Where it cannot be read, the body ends too early, which fails the request.
        func read(atMost limit: Int) throws -> [UInt8] {
            guard descriptor >= 0 else { throw UnreadableFile(code: code) }
            guard limit > 0 else { return [] }
            var piece = [UInt8](repeating: 0, count: min(limit, Self.pieceBytes))
            while true {
                let count = piece.withUnsafeMutableBytes { Self.readOnce(descriptor, $0) }
                if count < 0 && errno == EINTR { continue }
                guard count >= 0 else { throw UnreadableFile(code: errno) }
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

/// A file that cannot be read when it is to be sent.
package struct UnreadableFile: Error, CustomStringConvertible {
    /// The value of `errno`.
    let code: CInt

    package var description: String { String(cString: strerror(code)) }
}
