import Crypto
package import Domain
package import FoundationEssentials

/// Signs requests to Amazon's services.
///
/// Source of the scheme: AWS Identity and Access Management, "Create a signed AWS API request" (Signature Version 4).
package struct AWSRequestSigner: Sendable {
    private static let algorithm = "AWS4-HMAC-SHA256"

    private let credentials: AWSCredentials
    private let region: String
    private let service: String

    package init(_ credentials: AWSCredentials, region: String, service: String) {
        self.credentials = credentials
        self.region = region
        self.service = service
    }

    /// What has to be kept from people's eyes.
    var secrets: [String] { [credentials.secretAccessKey, credentials.sessionToken].compactMap(\.self) }

    /// A request, as far as it is signed.
    package struct Request {
        package var method: String
        /// As it is sent, before the question mark.
        package var path: String
        /// As it is sent, without the question mark.
        package var query = ""
        /// In the order in which they are sent; those that are none of the signature's business are left out.
        package var headers: [(name: String, value: String)]
        /// In hexadecimal; see ``AWSRequestSigner/digest(of:)``.
        package var bodyDigest: String

        package init(
            method: String, path: String, query: String = "", headers: [(name: String, value: String)],
            bodyDigest: String
        ) {
            self.method = method
            self.path = path
            self.query = query
            self.headers = headers
            self.bodyDigest = bodyDigest
        }
    }

    package static func digest(of body: some Collection<UInt8>) -> String {
        Array(SHA256.hash(data: Data(body))).hexadecimal
    }

    /// The headers that `request` has to have besides its own.
    package func headers(for request: Request, at time: Date) -> [(name: String, value: String)] {
        let stamp = time.formatted(Date.ISO8601FormatStyle(dateSeparator: .omitted, timeSeparator: .omitted))
        var added = [(name: "x-amz-date", value: stamp)]
        if let token = credentials.sessionToken { added.append((name: "x-amz-security-token", value: token)) }
        let headers = Self.canonical(request.headers + added)
        let names = headers.map(\.name).joined(separator: ";")
        let canonical = [
            request.method, Self.canonicalPath(request.path), Self.canonicalQuery(request.query),
            headers.map { "\($0.name):\($0.value)\n" }.joined(), names, request.bodyDigest,
        ].joined(separator: "\n")
        let scope = [String(stamp.prefix(8)), region, service, "aws4_request"]
        let digest = Self.digest(of: canonical.utf8)
        let text = [Self.algorithm, stamp, scope.joined(separator: "/"), digest].joined(separator: "\n")
        var key = Array("AWS4\(credentials.secretAccessKey)".utf8)
        for part in scope + [text] { key = Self.code(of: part, key: key) }
        let credential = "\(credentials.accessKeyID)/\(scope.joined(separator: "/"))"
        let signature = "Credential=\(credential), SignedHeaders=\(names), Signature=\(key.hexadecimal)"
        return added + [(name: "Authorization", value: "\(Self.algorithm) \(signature)")]
    }

    private static func code(of text: String, key: [UInt8]) -> [UInt8] {
        Array(HMAC<SHA256>.authenticationCode(for: Data(text.utf8), using: SymmetricKey(data: key)))
    }

    /// In the order of their names; values of the same name are one, and spaces in them are single.
    private static func canonical(_ headers: [(name: String, value: String)]) -> [(name: String, value: String)] {
        var values: [String: [String]] = [:]
        for (name, value) in headers {
            let words = value.split(whereSeparator: \.isWhitespace)
            values[name.lowercased(), default: []].append(words.joined(separator: " "))
        }
        return values.sorted { $0.key < $1.key }.map { ($0.key, $0.value.joined(separator: ",")) }
    }

    /// Each part is encoded once more than it is sent, which all services but S3 want.
    private static func canonicalPath(_ path: String) -> String {
        let parts = path.split(separator: "/", omittingEmptySubsequences: false).map { String($0).percentEncoded }
        return path.isEmpty ? "/" : parts.joined(separator: "/")
    }

    private static func canonicalQuery(_ query: String) -> String {
        let fields = query.split(separator: "&").map { field -> (name: String, value: String) in
            let parts = field.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map { part in
                (part.percentDecoded ?? String(part)).percentEncoded
            }
            return (parts[0], parts.count > 1 ? parts[1] : "")
        }
        return fields.sorted { ($0.name, $0.value) < ($1.name, $1.value) }.map { "\($0.name)=\($0.value)" }
            .joined(separator: "&")
    }
}
