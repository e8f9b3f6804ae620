/// The formats of recorded sound and video, told by a file's first bytes.
package enum RecordingFormat: String, Sendable, CaseIterable, Codable {
    case wav, mp3, ogg, flac, aac, amr, aiff, au, caf
    /// ISO base media that says it holds sound alone.
    case m4a
    /// ISO base media of any other kind.
    case mp4
    case webm, mpeg, quickTime, threeGP, matroska, mpegTransport, avi, windowsMedia, flash

    /// The usual one, with the dot: what servers that go by names know the format from.
    package var fileExtension: String {
        switch self {
        case .quickTime: ".mov"
        case .threeGP: ".3gp"
        case .matroska: ".mkv"
        case .mpegTransport: ".ts"
        case .windowsMedia: ".wma"
        case .flash: ".flv"
        default: ".\(rawValue)"
        }
    }

    /// Whether files of this kind may hold pictures, which no transcriber needs.
    package var mayHoldVideo: Bool {
        switch self {
        case .mp4, .webm, .mpeg, .quickTime, .threeGP, .matroska, .mpegTransport, .avi, .windowsMedia, .flash: true
        case .wav, .mp3, .ogg, .flac, .aac, .amr, .aiff, .au, .caf, .m4a: false
        }
    }
}
