import Concurrency
import Domain

/// Fetches the captions of videos: the page of the video says where they are. Every address is fetched like that of a link,
/// with the same checks.
struct YouTubeFetcher: Sendable {
    let fetcher: any LinkFetcher

    /// What a video gave.
    struct Video: Sendable {
        let details: VideoDetails
        /// As they came, see `YouTubeCaptions`.
        let captions: [UInt8]
        /// Of the video's page.
        let head: LinkHead
    }

    /// Bytes of a page or of captions; both have a few at most.
    private static let maximumBytes = 32 << 20

    /// - Parameter headers: for the origin of the link that was named.
    /// - Throws: `ServiceError` with what people are told.
    func video(at link: YouTubeLink, headers: [LinkHeader]) async throws -> Video {
        guard let page = link.watchPage else { throw YouTubeError.noTranscript }
        let own = page.origin == link.address.origin ? headers : []
        let (head, markup) = try await fetch(page, headers: Self.standardHeaders(beside: own) + own)
        let response = try await ComputePool.shared.run { YouTubePlayerResponse(page: markup) }
        guard let response else {
            throw YouTubeError.failed(
                "the video's page does not say where its captions are. YouTube has changed it, or asks whoever visits it "
                    + "from here for consent or a sign-in.")
        }
        guard let track = response.bestTrack else {
            throw response.refusal.map { YouTubeError.failed($0) } ?? YouTubeError.noTranscript
        }
        guard let address = Self.captions(at: track.address, from: head.address), YouTubeLink.isOwn(address.host) else {
            throw YouTubeError.failed("its captions are not on YouTube's own servers.")
        }
        // Headers are for the origin that was named, wherever the page says that captions are.
        let sent = address.origin == page.origin ? own : []
        let (captionHead, captions) = try await fetch(address, headers: sent)
        guard YouTubeLink.isOwn(captionHead.address.host) else {
            throw YouTubeError.failed("its captions are not on YouTube's own servers.")
        }
        return Video(details: response.details(of: link), captions: captions, head: head)
    }

    /// The address of captions in the form of JSON, which says when words begin.
    private static func captions(at text: String, from page: LinkAddress) -> LinkAddress? {
        guard let address = page.resolving(text) else { return nil }
        let fields = address.query.dropFirst().split(separator: "&").filter { !$0.hasPrefix("fmt=") } + ["fmt=json3"]
        return LinkAddress("\(address.base)?\(fields.joined(separator: "&"))")
    }

    /// Titles are wanted as they were written; and the question whether cookies may be set, which hides the page in some
    /// countries, is answered with no.
    private static func standardHeaders(beside own: [LinkHeader]) -> [LinkHeader] {
        let names = Set(own.map { $0.name.lowercased() })
        return [("Accept-Language", "en"), ("Cookie", "SOCS=CAI")].compactMap { name, value in
            names.contains(name.lowercased()) ? nil : LinkHeader(name: name, value: value)
        }
    }

    private func fetch(_ address: LinkAddress, headers: [LinkHeader]) async throws -> (LinkHead, [UInt8]) {
        var head: LinkHead?
        var bytes: [UInt8] = []
        do {
            try await fetcher.fetch(LinkRequest(address, headers: headers)) { event in
                switch event {
                case .head(let received): head = received
                case .notModified: break
                case .bytes(let piece):
                    bytes += piece
                    guard bytes.count <= Self.maximumBytes else {
                        throw LinkError.tooLarge(maximumBytes: Self.maximumBytes)
                    }
                }
            }
        } catch let error as LinkError {
            let told = error.serviceError(for: address)
            if case .refused = error { throw told }
            throw YouTubeError.failed(told.message, cause: error)
        }
        guard let head else { throw YouTubeError.failed("there was no answer.") }
        return (head, bytes)
    }
}
