import Domain
import Foundation
import Logging
import Metrics
import NIOCertificateReloading
import NIOSSL
import Synchronization

/// The certificate and the key that the server shows its clients, two files in PEM form. They are read again when they change,
/// so that a renewal needs no restart.
package struct TLSCertificate: Sendable {
    package let certificatePath: String
    package let keyPath: String

    private static let interval = Duration.seconds(3)

    package init(certificatePath: String, keyPath: String) {
        self.certificatePath = certificatePath
        self.keyPath = keyPath
    }

    /// - Throws: `StartError` where the files cannot be used.
    func reloader(_ logger: Logger) throws(StartError) -> TimedCertificateReloader {
        let record = CertificateRecord(files: [certificatePath, keyPath], logger: logger)
        do {
            return try TimedCertificateReloader.makeReloaderValidatingSources(
                configuration: TimedCertificateReloader.Configuration(
                    refreshInterval: Self.interval,
                    certificateSource: .init(location: .file(path: certificatePath), format: .pem),
                    privateKeySource: .init(location: .file(path: keyPath), format: .pem)
                ) {
                    $0.onCertificateLoaded = { record.loaded($0.currentCertificateChain) }
                    $0.onCertificateLoadFailed = { record.failed($0.error) }
                })
        } catch {
            throw StartError(
                "The certificate in \(certificatePath) with the key in \(keyPath) cannot be used "
                    + "(HTTPS_CERT_PATH, HTTPS_KEY_PATH): \(error)")
        }
    }
}

/// Says in the log and in the metrics what came of reading a certificate: a renewal that fails would be found out about when the
/// old certificate is over. The files are read every few seconds; what is as it was is said once.
final class CertificateRecord: Sendable {
    private struct State {
        var chain: [NIOSSLCertificateSource]?
        /// What was wrong, with which state of the files.
        var failure: String?
    }

    private let files: [String]
    private let logger: Logger
    private let state = Mutex(State())
    private let expiry = Meter(label: "lectern_tls_certificate_expiry_timestamp_seconds")
    private let failures = Counter(label: "lectern_tls_certificate_reload_failures_total")

    init(files: [String], logger: Logger) {
        self.files = files
        self.logger = logger
        failures.increment(by: 0)
    }

    func loaded(_ chain: [NIOSSLCertificateSource]) {
        let isNews = state.withLock { state in
            defer { state = State(chain: chain) }
            return state.chain != chain || state.failure != nil
        }
        guard isNews, case .certificate(let certificate)? = chain.first else { return }
        let end = Int64(certificate.notValidAfter)
        expiry.set(end)
        logger.notice(
            "The certificate was read", metadata: ["expires": "\(Timestamp(milliseconds: end * 1000).iso8601)"])
    }

    func failed(_ error: any Error) {
        let reason = "\(error)".split(whereSeparator: \.isNewline).joined(separator: " ")
        let failure = ([reason] + files.map(Self.version)).joined(separator: "\n")
        let isNews = state.withLock { state in
            // At the start, the error itself is shown.
            guard state.chain != nil, state.failure != failure else { return false }
            state.failure = failure
            return true
        }
        guard isNews else { return }
        failures.increment()
        logger.warning(
            "The changed certificate cannot be used; the one before is still served",
            metadata: ["reason": "\(reason)"])
    }

    /// Tells a file from what it was before.
    private static func version(of file: String) -> String {
        let attributes = try? FileManager.default.attributesOfItem(atPath: file)
        let date = (attributes?[.modificationDate] as? Date)?.timeIntervalSince1970 ?? 0
        return "\(date) \((attributes?[.size] as? NSNumber)?.intValue ?? 0)"
    }
}
