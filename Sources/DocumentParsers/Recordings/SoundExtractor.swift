package import Domain
import Glibc

/// Takes the sound out of a recording with ffmpeg.
struct SoundExtractor {
    static let tool = Tool(name: "ffmpeg", package: "ffmpeg")

    /// Demuxers for what `RecordingFormat` knows. Others, such as playlists that name further files, are none of a recording.
    private static let demuxers =
        "wav,w64,mp3,ogg,flac,aac,amr,aiff,au,caf,mov,matroska,webm,mpeg,mpegvideo,mpegts,avi,asf,flv"

    let limits: ParseLimits

    /// Calls `receive` with the sound as `PlainSound` has it, until it returns false.
    /// - Throws: `.empty` where the recording has no sound.
    func extract(from path: String, receive: (ArraySlice<UInt8>) -> Bool) throws(ParseError) {
        let arguments = [
            "-nostdin", "-hide_banner", "-loglevel", "error", "-threads", "1", "-protocol_whitelist", "file",
            "-format_whitelist", Self.demuxers, "-i", path, "-map", "0:a:0", "-ac", "1", "-ar",
            String(PlainSound.sampleRate), "-f", "s16le", "-",
        ]
        var hasSound = false
        let result = try Self.tool.run(
            arguments, input: .path(path), limits: limits, processorSeconds: limits.maximumToolSeconds
        ) { piece in
            hasSound = true
            return receive(piece)
        }
        switch result.status {
        case .signaled(SIGXCPU): throw .processorTimeSpent(limits.maximumToolSeconds)
        // What breaks off is worth what came of it.
        case _ where hasSound: return
        case _ where result.message.contains("matches no streams"): throw .empty
        case .exited(0): throw .empty
        default: throw .corrupt("it is damaged or not a recording")
        }
    }
}

extension ParseLimits {
    /// For the sound of a recording: hours of it in a file of gigabytes.
    package static var recordings: ParseLimits {
        var limits = ParseLimits()
        limits.maximumSeconds = 3600
        limits.maximumProcessorSeconds = 60
        limits.maximumToolSeconds = 1200
        return limits
    }
}
