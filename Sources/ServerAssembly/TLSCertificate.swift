import Logging
import NIOCertificateReloading
import NIOSSL

/// The certificate and the key that the server shows its clients, two files in PEM form. They are read again when they change,
/// so that a renewal needs no restart.
package struct TLSCertificate: Sendable {
    package let certificatePath: String
    package let keyPath: String

    private static let interval = Duration.seconds(10)

    package init(certificatePath: String, keyPath: String) {
        self.certificatePath = certificatePath
        self.keyPath = keyPath
    }

    /// - Throws: `StartError` where the files cannot be used.
    func reloader(_ logger: Logger) throws(StartError) -> TimedCertificateReloader {
        do {
            return try TimedCertificateReloader.makeReloaderValidatingSources(
                refreshInterval: Self.interval,
                certificateSource: .init(location: .file(path: certificatePath), format: .pem),
                privateKeySource: .init(location: .file(path: keyPath), format: .pem), logger: logger)
        } catch {
            throw StartError(
                "The certificate in \(certificatePath) with the key in \(keyPath) cannot be used "
                    + "(HTTPS_CERT_PATH, HTTPS_KEY_PATH): \(error)")
        }
    }
}
