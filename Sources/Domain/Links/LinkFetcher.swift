/// Fetches what is behind addresses of the web, and reaches nothing by them that whoever names them must not reach.
package protocol LinkFetcher: Sendable {
    /// Calls `receive` with the head of the answer, then with its body piece by piece, each once the one before is taken.
    ///
    /// - Throws: `LinkError`, `CancellationError`, or what `receive` throws.
    func fetch(_ request: LinkRequest, _ receive: (LinkEvent) async throws -> Void) async throws
}

/// What is to be fetched.
package struct LinkRequest: Sendable {
    package var address: LinkAddress
    /// Sent to the origin of `address` alone. They may be secret.
    package var headers: [LinkHeader]
    /// The version that is there already and need not come once more.
    package var known: LinkValidators?

    package init(_ address: LinkAddress, headers: [LinkHeader] = [], known: LinkValidators? = nil) {
        self.address = address
        self.headers = headers
        self.known = known
    }
}

/// A header field that a client wants sent; its value may be secret.
package struct LinkHeader: Sendable, Equatable, CustomStringConvertible {
    package let name: String
    package let value: String

    /// Whatever decides where a message ends or whom it is for is not a client's to set.
    private static let ownNames: Set<String> = [
        "host", "connection", "content-length", "transfer-encoding", "te", "trailer", "upgrade", "expect", "keep-alive",
        "proxy-authorization", "proxy-connection", "accept-encoding",
    ]

    /// `nil` where it cannot be sent: no name, another sign than those of header fields, or a field that this server sets.
    package init?(name: String, value: String) {
        let value = value.trimmed
        let isToken = name.utf8.allSatisfy { byte in
            0x61...0x7A ~= byte | 0x20 || 0x30...0x39 ~= byte || "!#$%&'*+-.^_`|~".utf8.contains(byte)
        }
        guard !name.isEmpty, !value.isEmpty, isToken, !Self.ownNames.contains(name.lowercased()),
            value.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F || $0 == 0x09 })
        else { return nil }
        self.name = name
        self.value = value
    }

    package var description: String { "\(name): …" }
}

package enum LinkEvent: Sendable {
    case head(LinkHead)
    case bytes([UInt8])
    /// The version that is known is the current one; nothing else comes.
    case notModified
}

/// By what a server recognises a version of something (RFC 9110, section 8.8).
package struct LinkValidators: Sendable, Equatable {
    /// Where they are from, after redirects: elsewhere they mean nothing.
    package var address: LinkAddress
    /// As it came, with its quotation marks.
    package var entityTag: String?
    /// As it came.
    package var lastModified: String?

    /// UTF-8 bytes; longer ones are not kept.
    private static let maximumLength = 1024

    /// `nil` where there is nothing to recognise a version by.
    package init?(address: LinkAddress, entityTag: String?, lastModified: String?) {
        let kept = [entityTag, lastModified].map { text in
            text.flatMap { $0.isEmpty || $0.utf8.count > Self.maximumLength ? nil : $0 }
        }
        guard kept.contains(where: { $0 != nil }) else { return nil }
        self.address = address
        (self.entityTag, self.lastModified) = (kept[0], kept[1])
    }
}

/// What an answer says of itself.
package struct LinkHead: Sendable, Equatable {
    /// After redirects.
    package var address: LinkAddress
    /// In lower case, without parameters; empty where the server does not say.
    package var mediaType: String
    /// In lower case, where the server says it.
    package var charset: String?
    /// What the server calls the file, never to be used as a path; `nil` where it does not say.
    package var fileName: String?
    package var validators: LinkValidators?

    package init(
        address: LinkAddress, mediaType: String, charset: String? = nil, fileName: String? = nil,
        validators: LinkValidators? = nil
    ) {
        self.address = address
        self.mediaType = mediaType
        self.charset = charset
        self.fileName = fileName
        self.validators = validators
    }
}

/// Why nothing came of an address.
package enum LinkError: Error, Sendable, Equatable {
    /// It leads where this server does not go; `why` is for the log, for it tells of the network behind this server.
    case refused(why: String)
    case status(Int, reason: String)
    /// For people; names no address of the network behind this server.
    case unreachable(String)
    case tooLarge(maximumBytes: Int)
    case timedOut
    case tooManyRedirects
}
