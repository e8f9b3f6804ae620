import NIOCore
import NIOHTTP1

/// Has files that are compressed by gzip, as sitemaps often are, unpacked on the way, like bodies that a server compresses for
/// the transfer: says `Content-Encoding` where a server says that the file itself is gzip's. What is in it has no type then.
///
/// Belongs before the decompressor, whose limits hold.
final class CompressedFileHandler: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPClientResponsePart
    typealias InboundOut = HTTPClientResponsePart

    private let isNamedGzip: Bool

    /// - Parameter path: of the address, whose ending counts where the server does not say what the file is.
    init(path: String) { isNamedGzip = path.lowercased().hasSuffix(".gz") }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard case .head(var head) = unwrapInboundIn(data), isGzip(head.headers) else {
            return context.fireChannelRead(data)
        }
        head.headers.remove(name: "Content-Type")
        head.headers.add(name: "Content-Encoding", value: "gzip")
        context.fireChannelRead(wrapInboundOut(.head(head)))
    }

    private func isGzip(_ headers: HTTPHeaders) -> Bool {
        guard !headers.contains(name: "Content-Encoding") else { return false }
        let type = (headers.first(name: "Content-Type") ?? "").prefix { $0 != ";" && $0 != " " }.lowercased()
        switch type {
        case "application/gzip", "application/x-gzip": return true
        case "application/octet-stream", "": return isNamedGzip
        default: return false
        }
    }
}
