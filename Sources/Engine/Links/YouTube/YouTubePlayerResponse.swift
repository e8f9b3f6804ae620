import Domain
import FoundationEssentials

/// What the page of a video tells its player, as far as captions need it: the object that its scripts call
/// `ytInitialPlayerResponse`.
struct YouTubePlayerResponse: Decodable {
    private let playabilityStatus: Playability?
    private let videoDetails: Details?
    private let captions: Captions?

    private struct Playability: Decodable {
        let status: String?
        let reason: String?
    }

    private struct Details: Decodable {
        let title: String?
        let author: String?
        let shortDescription: String?
    }

    private struct Captions: Decodable {
        let playerCaptionsTracklistRenderer: TrackList?
    }

    private struct TrackList: Decodable {
        let captionTracks: [Track]?
    }

    struct Track: Decodable, Equatable {
        /// Where the captions are.
        let address: String
        /// `en`, `pt-BR`.
        private let languageCode: String?
        private let kind: String?

        private enum CodingKeys: String, CodingKey {
            case address = "baseUrl"
            case languageCode, kind
        }

        /// Whether a machine has heard them.
        var isAutomatic: Bool { kind == "asr" }

        /// Without the region.
        var language: Substring { (languageCode ?? "").prefix { $0 != "-" } }
    }

    // MARK: What it says

    func details(of video: YouTubeLink) -> VideoDetails {
        let known = { (text: String?) in text.flatMap { $0.trimmed.isEmpty ? nil : $0 } }
        return VideoDetails(
            title: known(videoDetails?.title) ?? "YouTube video \(video.id)", author: known(videoDetails?.author),
            description: known(videoDetails?.shortDescription))
    }

    /// Why the video is not shown to us, for people; `nil` where it is.
    var refusal: String? {
        guard let status = playabilityStatus?.status, status != "OK" else { return nil }
        let reason = playabilityStatus?.reason?.trimmed ?? ""
        return (reason.isEmpty ? status : reason).shortened(toUTF16: 300)
    }

    /// Captions that people wrote before those that a machine has heard; of them those in the language that is spoken, then in
    /// English, then in any other.
    var bestTrack: Track? {
        let tracks = captions?.playerCaptionsTracklistRenderer?.captionTracks ?? []
        // A machine writes what it hears.
        let languages = [tracks.first(where: \.isAutomatic)?.language, "en"].compactMap(\.self)
        let written = tracks.filter { !$0.isAutomatic }
        let rank = { (track: Track) in languages.firstIndex(of: track.language) ?? languages.count }
        return (written.isEmpty ? tracks : written).min { rank($0) < rank($1) }
    }

    // MARK: Finding it

    private static let name = Array("ytInitialPlayerResponse".utf8)
    /// Scripts name it several times; a page that names it more often is none of YouTube's.
    private static let maximumPlaces = 16

    /// - Returns: `nil` where the page has no such object, as one that asks for consent, or one that YouTube has changed.
    init?(page: [UInt8]) {
        var rest = page[...]
        for _ in 0..<Self.maximumPlaces {
            guard let found = rest.firstRange(of: Self.name) else { return nil }
            rest = rest[found.upperBound...]
            if let object = Self.object(assignedIn: rest),
                let response = try? JSONDecoder().decode(Self.self, from: Data(object)),
                response.videoDetails != nil || response.playabilityStatus != nil
            {
                self = response
                return
            }
        }
        return nil
    }

    /// The object that a script assigns to the name before `rest`: `name = {…};` or `window["name"] = {…};`.
    private static func object(assignedIn rest: ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
        let assignment = rest.drop { " \t\r\n\"']".utf8.contains($0) }
        guard assignment.first == UInt8(ascii: "=") else { return nil }
        let object = assignment.dropFirst().drop { " \t\r\n".utf8.contains($0) }
        guard object.first == UInt8(ascii: "{") else { return nil }
        var (depth, isText, isEscaped) = (0, false, false)
        for (index, byte) in zip(object.indices, object) {
            if isText {
                if isEscaped {
                    isEscaped = false
                } else if byte == UInt8(ascii: "\\") {
                    isEscaped = true
                } else if byte == UInt8(ascii: "\"") {
                    isText = false
                }
                continue
            }
            switch byte {
            case UInt8(ascii: "\""): isText = true
            case UInt8(ascii: "{"): depth += 1
            case UInt8(ascii: "}"):
                depth -= 1
                if depth == 0 { return object[...index] }
            default: break
            }
        }
        return nil
    }
}
