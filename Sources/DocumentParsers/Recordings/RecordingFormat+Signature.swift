import Domain

extension RecordingFormat {
    /// What the first bytes of a file say, as each format's specification has them.
    init?(_ sample: ArraySlice<UInt8>) {
        let bytes = Array(sample.prefix(4096))
        guard
            let format = Self.container(bytes) ?? Self.isoBaseMedia(bytes) ?? Self.matroska(bytes)
                ?? Self.mpegAudio(bytes) ?? Self.mpegSystem(bytes)
        else { return nil }
        self = format
    }

    /// Formats that begin with marks of their own.
    private static func container(_ bytes: [UInt8]) -> RecordingFormat? {
        let begins = { (mark: String) in bytes.starts(with: mark.utf8) }
        let form = { (mark: String) in bytes.dropFirst(8).starts(with: mark.utf8) }
        if (begins("RIFF") || begins("RF64") || begins("BW64")) && form("WAVE") { return .wav }
        if begins("RIFF") && form("AVI ") { return .avi }
        if begins("FORM") && (form("AIFF") || form("AIFC")) { return .aiff }
        if begins("OggS\0") { return .ogg }
        if begins("fLaC") { return .flac }
        if begins("#!AMR") { return .amr }
        if begins("FLV\u{01}") { return .flash }
        if begins("caff\0") { return .caf }
        if begins(".snd\0") { return .au }
        // ASF specification, 10.1.
        if bytes.starts(with: [0x30, 0x26, 0xB2, 0x75, 0x8E, 0x66, 0xCF, 0x11]) { return .windowsMedia }
        return nil
    }

    /// The file type box comes first and names a brand (ISO/IEC 14496-12, 4.3). Older QuickTime files begin without one.
    private static func isoBaseMedia(_ bytes: [UInt8]) -> RecordingFormat? {
        guard bytes.count >= 12, bytes[0] == 0 else { return nil }
        let type = bytes[4..<8]
        if ["moov", "mdat", "wide"].contains(where: { type.elementsEqual($0.utf8) }) { return .quickTime }
        guard type.elementsEqual("ftyp".utf8) else { return nil }
        let brand = String(decoding: bytes[8..<12], as: UTF8.self)
        switch brand {
        case "M4A ", "M4B ", "M4P ": return .m4a
        case "qt  ": return .quickTime
        case _ where brand.hasPrefix("3gp") || brand.hasPrefix("3g2"): return .threeGP
        // Pictures in the same container: HEIF, AVIF, Canon's raw format.
        case "heic", "heix", "heim", "heis", "hevc", "hevx", "mif1", "msf1", "avif", "avis", "crx ": return nil
        default: return .mp4
        }
    }

    /// EBML, whose header names the type of the document (RFC 8794, 11.2.4).
    private static func matroska(_ bytes: [UInt8]) -> RecordingFormat? {
        guard bytes.starts(with: [0x1A, 0x45, 0xDF, 0xA3]) else { return nil }
        let header = bytes.prefix(64)
        let element: [UInt8] = [0x42, 0x82]
        guard let place = header.indices.first(where: { header[$0...].starts(with: element) }) else { return nil }
        return header[place...].dropFirst(3).starts(with: "webm".utf8) ? .webm : .matroska
    }

    /// An ID3 tag, or the synchronisation bits of MPEG audio; the latter must not look like a UTF-16 byte order mark.
    private static func mpegAudio(_ bytes: [UInt8]) -> RecordingFormat? {
        guard bytes.count >= 4 else { return nil }
        if bytes.starts(with: "ID3".utf8) && bytes[3] < 0x10 { return .mp3 }
        guard bytes[0] == 0xFF else { return nil }
        if [0xFB, 0xF3, 0xF2, 0xFA].contains(bytes[1]) { return .mp3 }
        // ADTS: thirteen sampling frequencies are defined (ISO/IEC 14496-3, 1.6.3.4).
        return [0xF1, 0xF9].contains(bytes[1]) && bytes[2] >> 2 & 0xF < 13 ? .aac : nil
    }

    /// A pack header, a sequence header, or packets of 188 bytes (ISO/IEC 13818-1), each with four bytes before it on discs.
    private static func mpegSystem(_ bytes: [UInt8]) -> RecordingFormat? {
        if bytes.starts(with: [0, 0, 1, 0xBA]) || bytes.starts(with: [0, 0, 1, 0xB3]) { return .mpeg }
        for (first, length) in [(0, 188), (4, 192)] {
            let places = (0..<5).map { first + $0 * length }
            if places[4] < bytes.count, places.allSatisfy({ bytes[$0] == 0x47 }) { return .mpegTransport }
        }
        return nil
    }
}
