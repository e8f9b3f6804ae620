import FoundationEssentials

extension LinkHeader {
    /// The user name and password that an address was written with, as basic authentication (RFC 7617) for its origin;
    /// `nil` where it has none.
    package static func credentials(in address: String) -> LinkHeader? {
        guard let scheme = address.firstRange(of: "://") else { return nil }
        let authority = address[scheme.upperBound...].prefix { !"/\\?#".contains($0) }
        guard let at = authority.lastIndex(of: "@") else { return nil }
        let parts = authority[..<at].split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        let words = parts.map { $0.percentDecoded ?? String($0) }
        let pair = "\(words[0]):\(words.count > 1 ? words[1] : "")"
        return LinkHeader(name: "Authorization", value: "Basic \(Data(pair.utf8).base64EncodedString())")
    }
}
