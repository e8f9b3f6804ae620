package import NIOCore

/// How long a connection may take, and how much it may leave unread.
package struct ConnectionLimits: Sendable {
    /// After so long without a byte, a connection is closed on which no request is being answered: one that waits for its
    /// next request, or whose head does not come to an end.
    package var idle = TimeAmount.seconds(75)
    /// What any body may take to arrive, besides what its size allows.
    package var bodyGrace = TimeAmount.seconds(20)
    /// Bytes of a body for which another second is allowed. Far below the slowest line in use, far above a client that only
    /// wants to hold a connection.
    package var bodyBytesPerSecond = 500
    /// How long an answer waits for a reader that takes none of it.
    package var stalledReader = TimeAmount.seconds(60)
    /// Bytes of an answer that the system takes for a client that has not read them; it takes twice as much with its own records.
    /// A client a tenth of a second away still gets two megabytes a second.
    package var sendBuffer = 128 << 10
    /// How often slow bodies and stalled readers are looked at.
    package var inspection = TimeAmount.seconds(5)
    /// Bytes of a body that are read and thrown away to keep a connection whose request was answered without them. Clients
    /// that write first and read later would not see why a few megabytes too many were refused.
    package var discardedBody = 16 << 20
    /// How long a connection is still read after its last answer, so that the answer is not lost to a reset.
    package var lingering = TimeAmount.seconds(2)
    /// Bytes of all JSON and form bodies that are being collected, over all connections.
    package var collectedBodies = 256 << 20

    package init() {}
}
