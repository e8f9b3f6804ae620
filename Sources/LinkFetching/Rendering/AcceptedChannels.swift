import NIOCore
import Synchronization

/// Channels that a server has accepted, so that none outlives it: one that nobody has taken up yet when the server stops is
/// closed as well.
final class AcceptedChannels: Sendable {
    private struct State {
        var open: [ObjectIdentifier: any Channel] = [:]
        var isClosed = false
    }

    private let state = Mutex(State())

    /// Throws where the server has stopped; the channel is closed then.
    func add(_ channel: any Channel) throws {
        let id = ObjectIdentifier(channel)
        let isTaken = state.withLock { state in
            if !state.isClosed { state.open[id] = channel }
            return !state.isClosed
        }
        guard isTaken else {
            channel.close(promise: nil)
            throw ChannelError.ioOnClosedChannel
        }
        channel.closeFuture.whenComplete { _ in self.state.withLock { state in state.open[id] = nil } }
    }

    /// Whether it is open, or about to be; asked on the channel's event loop.
    func holds(_ channel: any Channel) -> Bool {
        state.withLock { $0.open[ObjectIdentifier(channel)] != nil }
    }

    func closeAll() {
        let open = state.withLock { state in
            defer { state = State(isClosed: true) }
            return state.open.values
        }
        for channel in open { channel.close(promise: nil) }
    }
}
