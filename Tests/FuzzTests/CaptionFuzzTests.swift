import Domain
import Testing

@testable import Engine

extension FuzzTests {
    @Test func captions() async {
        let fuzzer = Fuzzer(
            "captions",
            seeds: [
                #"{"events":[{"tStartMs":0,"dDurationMs":9000},{"tStartMs":120,"dDurationMs":6000,"segs":[{"utf8":"a"},{"utf8":" b","tOffsetMs":3}]}]}"#,
                #"<transcript><text start="0.5" dur="2.5">a &amp;#39; b</text><text start="7" dur="1">&lt;i&gt;c</text></transcript>"#,
                #"<timedtext format="3"><body><p t="0" d="900"><s>a</s><s t="80"> b</s></p><p t="4000" d="5">c<br/>d</p></body></timedtext>"#,
            ],
            dictionary: ["1e308", "-1", "&#x110000;", "&amp;", "<s t=\"9\">", "</p>", "<![CDATA[", "\\ud800", "[", "]"])
        await fuzzer.run { input, _ in
            let document = YouTubeCaptions(input).transcript.document
            let starts = document.divisions?.starts ?? []
            #expect(zip(starts, starts.dropFirst()).allSatisfy { $0 <= $1 })
            #expect((starts.last ?? 0) <= document.text.utf16.count)
            return !document.text.isEmpty
        }
    }

    @Test func `pages of videos`() async {
        let fuzzer = Fuzzer(
            "video-pages",
            seeds: [
                #"<script>var ytInitialPlayerResponse = {"videoDetails":{"title":"\"}{"},"playabilityStatus":{"status":"OK"},"captions":{"playerCaptionsTracklistRenderer":{"captionTracks":[{"baseUrl":"/a","languageCode":"en"},{"baseUrl":"/b","kind":"asr"}]}}};</script>"#
            ],
            dictionary: ["ytInitialPlayerResponse", "={", "}", "\\", "\"", "null", "[]"])
        await fuzzer.run { input, _ in
            let response = YouTubePlayerResponse(page: input)
            _ = response?.refusal
            return response?.bestTrack != nil
        }
    }
}
