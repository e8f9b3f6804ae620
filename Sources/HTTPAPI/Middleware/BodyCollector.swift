import HTTPTypes
import Hummingbird
import NIOCore

/// Keeps the body of an answer in memory.
final class BodyCollector: ResponseBodyWriter {
    private(set) var bytes: ByteBuffer?

    func write(_ buffer: ByteBuffer) async throws { bytes.setOrWriteImmutableBuffer(buffer) }
    consuming func finish(_ trailingHeaders: HTTPFields?) async throws {}
}
