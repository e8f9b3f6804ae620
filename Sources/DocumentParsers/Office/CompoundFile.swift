/// The directory of an OLE 2 compound file ([MS-CFB]), as far as it tells an encrypted document and a
/// message of Outlook from an old document.
enum CompoundFile {
    /// Office wraps an encrypted DOCX, XLSX or PPTX into a compound file with a stream of this name ([MS-OFFCRYPTO] 1.3.2).
    private static let encryptedStream = "EncryptedPackage"

    /// The stream that every message of Outlook has ([MS-OXMSG] 2.4).
    private static let messageStream = "__properties_version1.0"

    static func isEncryptedDocument(_ bytes: [UInt8]) -> Bool { holds(encryptedStream, bytes) }
    static func isOutlookMessage(_ bytes: [UInt8]) -> Bool { holds(messageStream, bytes) }

    /// Directory entries are 128 bytes long and lie at multiples of 128, whatever the sector size: the name in UTF-16LE,
    /// 64 bytes with its NUL, then the length of the name in bytes ([MS-CFB] 2.6.1).
    private static func holds(_ stream: String, _ bytes: [UInt8]) -> Bool {
        let name = stream.utf16.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8($0 >> 8)] }
        return stride(from: 512, to: bytes.count - 127, by: 128).contains { entry in
            bytes[entry] == name[0] && bytes[entry...].starts(with: name)
                && Int(bytes[entry + 64]) | Int(bytes[entry + 65]) << 8 == name.count + 2
        }
    }
}
