package import NIOCore

/// Reads multipart/form-data (RFC 7578, RFC 2046) piece by piece, however the pieces of the body are cut.
///
/// Linear in the length of the body. Besides the piece at hand it holds back at most a delimiter line or one header block.
/// Lines end in CRLF; a line that only begins like the boundary is data.
package struct MultipartParser<Base: AsyncSequence> where Base.Element == ByteBuffer {
    package enum Event: Equatable {
        case part(PartHeader)
        /// A piece of the current part's body, never empty.
        case body(ByteBuffer)
        case partEnd
        /// The form is complete and the body read to its end.
        case end
    }

    package struct Limits: Sendable {
        /// Bytes of one part's header block.
        package var maximumHeaderBytes = 16 << 10
        package var maximumParts = 1000
        /// Bytes before the first and after the last boundary, which carry nothing.
        package var maximumPaddingBytes = 64 << 10

        package init() {}
    }

    private enum State { case preamble, bodyStart, body, header, epilogue, end }

    private var source: Base.AsyncIterator
    private var buffer = ByteBuffer()
    private var state = State.preamble
    private var partCount = 0
    private let boundary: MultipartBoundary
    private let limits: Limits

    /// Throws `MultipartError.notMultipart` or `.boundaryNotFound` where `contentType` does not announce a form.
    package init(_ source: Base, contentType: String?, limits: Limits = Limits()) throws(MultipartError) {
        self.source = source.makeAsyncIterator()
        self.limits = limits
        boundary = try MultipartBoundary(contentType: contentType)
        // The first delimiter may open the body; it then lacks the CRLF that belongs to every other.
        buffer.writeStaticString("\r\n")
    }

    /// The next event: `.part`, any number of `.body`, `.partEnd`, and so on to `.end`, which repeats.
    ///
    /// Throws `MultipartError`, after which the parser is of no more use, and what the body itself throws.
    package mutating func next() async throws -> Event {
        switch state {
        case .preamble: try await skipPreamble()
        case .header: try await .part(readHeader())
        case .bodyStart: try await readBodyStart()
        case .body: try await readBody()
        case .epilogue: try await skipEpilogue()
        case .end: .end
        }
    }

    /// Appends the next piece of the body to the buffer.
    private mutating func fill() async throws {
        guard var piece = try await source.next() else { throw MultipartError.unexpectedEnd }
        if buffer.readableBytes == 0 {
            buffer = piece
        } else {
            buffer.discardReadBytes()
            buffer.writeBuffer(&piece)
        }
    }

    private mutating func skipPreamble() async throws -> Event {
        var skipped = 0
        while true {
            switch firstMatch() {
            case (let offset, .part(let length)):
                buffer.moveReaderIndex(forwardBy: offset + length)
                return try await .part(readHeader())
            case (let offset, .close(let length)):
                buffer.moveReaderIndex(forwardBy: offset + length)
                return try await skipEpilogue()
            case (let offset, _):
                skipped += offset
                guard skipped <= limits.maximumPaddingBytes else { throw MultipartError.unexpectedEnd }
                buffer.moveReaderIndex(forwardBy: offset)
                try await fill()
            }
        }
    }

    /// The buffer stands at the CRLF that ends the delimiter line; afterwards, at the CRLF of the empty line.
    private mutating func readHeader() async throws -> PartHeader {
        partCount += 1
        guard partCount <= limits.maximumParts else { throw MultipartError.tooManyParts(limit: limits.maximumParts) }
        var searched = 0
        while true {
            let view = buffer.readableBytesView
            if let end = view.dropFirst(searched).firstHeaderEnd {
                let block = Array(view[view.startIndex..<end])
                guard block.count <= limits.maximumHeaderBytes else { throw Self.headerTooLong(limits) }
                buffer.moveReaderIndex(forwardBy: block.count + 2)
                state = .bodyStart
                return try PartHeader(block: block.dropFirst(2))
            }
            guard view.count <= limits.maximumHeaderBytes + 4 else { throw Self.headerTooLong(limits) }
            searched = max(0, view.count - 3)
            try await fill()
        }
    }

    private static func headerTooLong(_ limits: Limits) -> MultipartError {
        .malformedPartHeader("it is longer than \(limits.maximumHeaderBytes) bytes")
    }

    /// A part without any body ends with the CRLF of the empty line, which is then the delimiter's own.
    private mutating func readBodyStart() async throws -> Event {
        while true {
            let match = buffer.withUnsafeReadableBytes { boundary.match($0, at: 0) }
            switch match {
            case .data:
                buffer.moveReaderIndex(forwardBy: 2)
                state = .body
                return try await readBody()
            case .incomplete: try await fill()
            case .part(let length): return endPart(length, then: .header)
            case .close(let length): return endPart(length, then: .epilogue)
            }
        }
    }

    private mutating func readBody() async throws -> Event {
        while true {
            let (offset, match) = firstMatch()
            if offset > 0, let piece = buffer.readSlice(length: offset) { return .body(piece) }
            switch match {
            case .data, .incomplete: try await fill()
            case .part(let length): return endPart(length, then: .header)
            case .close(let length): return endPart(length, then: .epilogue)
            }
        }
    }

    private mutating func endPart(_ delimiterLength: Int, then next: State) -> Event {
        buffer.moveReaderIndex(forwardBy: delimiterLength)
        state = next
        return .partEnd
    }

    private mutating func skipEpilogue() async throws -> Event {
        var skipped = buffer.readableBytes
        buffer.clear()
        while skipped <= limits.maximumPaddingBytes {
            guard let piece = try await source.next() else {
                state = .end
                return .end
            }
            skipped += piece.readableBytes
        }
        throw MultipartError.dataAfterEnd
    }

    /// The first delimiter in the buffer; `.data` at its end where there is none.
    private func firstMatch() -> (offset: Int, match: MultipartBoundary.Match) {
        buffer.withUnsafeReadableBytes { boundary.firstMatch(in: $0) } ?? (buffer.readableBytes, .data)
    }
}

extension ByteBufferView {
    /// Where the first CRLF CRLF begins.
    fileprivate var firstHeaderEnd: Index? {
        var candidate = startIndex
        while endIndex - candidate >= 4 {
            if self[candidate + 3] != 0x0A { candidate += self[candidate + 3] == 0x0D ? 1 : 4; continue }
            if self[candidate] == 0x0D, self[candidate + 1] == 0x0A, self[candidate + 2] == 0x0D { return candidate }
            candidate += 1
        }
        return nil
    }
}
