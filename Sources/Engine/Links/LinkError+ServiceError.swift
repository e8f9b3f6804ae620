import Domain

extension LinkError {
    /// In words that clients know where the wire has words for it. Where an address is refused, nothing tells whether there
    /// is anything behind it.
    func serviceError(for link: LinkAddress) -> ServiceError {
        ServiceError(.unprocessable, message(for: link), cause: self)
    }

    private func message(for link: LinkAddress) -> String {
        switch self {
        case .refused: LinkService.notValid.message
        case .status(let status, let reason): "HTTP \(status): \(reason)"
        case .unreachable(let why): "No URL content found at \(link.text). \(why)"
        case .timedOut: "No URL content found at \(link.text). It takes too long to answer."
        case .tooManyRedirects: "No URL content found at \(link.text). It redirects too often."
        case .tooLarge(let maximum): "\(link.text) is larger than \(maximum >> 20) MiB, the most that is fetched."
        }
    }
}
