import Domain
import Testing

@testable import Engine

@Suite struct YouTubeTests {
    // MARK: Links

    @Test(arguments: [
        "https://youtu.be/dQw4w9WgXcQ", "youtu.be/dQw4w9WgXcQ?t=42", "https://www.youtube.com/watch?a=b&v=dQw4w9WgXcQ",
        "https://m.youtube.com/shorts/dQw4w9WgXcQ", "https://music.youtube.com/watch?v=dQw4w9WgXcQ&list=x",
        "http://youtube.com/embed/dQw4w9WgXcQ", "https://youtube.com/v/dQw4w9WgXcQ",
        "https://www.youtube.com/live/dQw4w9WgXcQ?feature=share",
    ])
    func `a video is known by its id, whatever form its link has`(link: String) throws {
        let address = try #require(LinkAddress(link))
        let video = try #require(YouTubeLink(address))
        #expect(video.id == "dQw4w9WgXcQ" && video.address == address)
        #expect(video.watchPage?.text == "\(address.scheme)://www.youtube.com/watch?v=dQw4w9WgXcQ")
    }

    @Test(arguments: [
        "https://youtube.com/subscriptions", "https://youtube.com/@channel", "https://youtube.com/watch?v=short",
        "https://youtube.com/watch", "https://youtube.com/watch/dQw4w9WgXcQ", "https://youtube.com/dQw4w9WgXcQ",
        "https://youtube.com/playlist?v=dQw4w9WgXcQ", "https://youtube.com/shorts/dQw4w9WgXcQQ",
        "https://youtu.be/", "https://youtu.be/dQw4w9Wg.cQ", "https://example.com/watch?v=dQw4w9WgXcQ",
        "https://youtube.com.example.com/watch?v=dQw4w9WgXcQ",
    ])
    func `other pages are none, those of YouTube among them`(link: String) throws {
        #expect(YouTubeLink(try #require(LinkAddress(link))) == nil)
    }

    // MARK: Pages

    private func track(_ language: String, _ address: String, automatic: Bool = false) -> String {
        #"{"baseUrl":"\#(address)","languageCode":"\#(language)"\#(automatic ? #","kind":"asr""# : "")}"#
    }

    private func response(_ tracks: String...) -> YouTubePlayerResponse? {
        let captions = #"{"playerCaptionsTracklistRenderer":{"captionTracks":[\#(tracks.joined(separator: ","))]}}"#
        return YouTubePlayerResponse(
            page: Array(
                #"<script>var ytInitialPlayerResponse = {"videoDetails":{},"captions":\#(captions)};</script>"#.utf8))
    }

    @Test func `what people wrote is read before what a machine heard, in the language that is spoken or in English`() {
        let heard = track("de", "heard", automatic: true)
        let best = { (response: YouTubePlayerResponse?) in response?.bestTrack?.address }
        #expect(best(response(track("fr", "fr"), track("en", "en"), track("de-AT", "de"), heard)) == "de")
        #expect(best(response(heard, track("fr", "fr"), track("en-GB", "en"))) == "en")
        #expect(best(response(heard, track("fr", "fr"), track("it", "it"))) == "fr")
        #expect(best(response(track("fr", "fr"), track("en", "en"))) == "en")
        #expect(best(response(heard, track("en", "dubbed", automatic: true))) == "heard")
        #expect(best(response()) == nil)
    }

    @Test func `the object is found among all that scripts say of it`() throws {
        let page = """
            <script>if (window.ytInitialPlayerResponse) { var x = "ytInitialPlayerResponse = {"; }
            window["ytInitialPlayerResponse"] = null; var ytInitialPlayerResponse = {};
            window['ytInitialPlayerResponse']={"videoDetails":{"title":"A \\"}\\" & \\u003cb\\u003e","author":"Ada",
            "shortDescription":""}};</script>
            """
        let found = try #require(YouTubePlayerResponse(page: Array(page.utf8)))
        let video = try #require(LinkAddress("https://youtu.be/dQw4w9WgXcQ").flatMap(YouTubeLink.init))
        #expect(found.details(of: video) == VideoDetails(title: "A \"}\" & <b>", author: "Ada", description: nil))
        #expect(found.bestTrack == nil && found.refusal == nil)
    }

    @Test(arguments: [
        "", "<html>Before you continue to YouTube", "var ytInitialPlayerResponse = {\"videoDetails\":{",
        "ytInitialPlayerResponse = {\"captions\": 5};", "ytInitialPlayerResponse = [1];",
        "ytInitialPlayerResponse={\"videoDetails\":\"no\"}",
    ])
    func `a page without it gives nothing`(page: String) {
        #expect(YouTubePlayerResponse(page: Array(page.utf8)) == nil)
    }

    @Test func `a page full of beginnings is given up soon`() {
        let page = String(repeating: "ytInitialPlayerResponse={", count: 20_000)
        #expect(YouTubePlayerResponse(page: Array(page.utf8)) == nil)
    }

    // MARK: Captions

    private func document(_ captions: String) -> ParsedDocument {
        YouTubeCaptions(Array(captions.utf8)).transcript.document
    }

    @Test func `lines in XML are read with their times`() {
        let document = document(
            """
            <?xml version="1.0" encoding="utf-8" ?><transcript><text start="0.5" dur="2.5">It&amp;#39;s the
            harbour</text><text start="2.1" dur="1.9">&lt;font color=&quot;#E5E5E5&quot;&gt;of Porto &amp;amp; Gaia&lt;/font&gt;</text>
            <text start="9" dur="1">1 &amp;lt; 2\u{200B}</text><text start="11" dur="1"> </text></transcript>
            """)
        #expect(document.text == "It's the harbour of Porto & Gaia\n\n1 < 2")
        let starts = document.divisions?.starts
        #expect(document.divisions?.unit == .second && document.divisions?.firstNumber == 0)
        #expect(
            starts?[0] == 0 && starts?.count == 10 && starts?[9] == "It's the harbour of Porto & Gaia\n\n".utf16.count)
    }

    @Test func `paragraphs in XML are read with their words`() {
        let document = document(
            """
            <?xml version="1.0"?><timedtext format="3"><head><pen id="1" fc="#E5E5E5"/><ws id="0"/></head><body>
            <w t="0" id="1"/><p t="1000" d="4000" w="1"><s ac="0">the</s><s t="400" ac="0"> pump&amp;</s></p>
            <p t="1990" d="3000" a="1">
            </p><p t="2000" d="3000">is<br/>red</p></body></timedtext>
            """)
        #expect(document.text == "the pump& is red")
        #expect(document.divisions?.starts == [0, 0, 10, 12, 14])
    }

    @Test func `words in JSON are read, and a pause between them begins a paragraph`() {
        let document = document(
            """
            {"wireMagic":"pb3","events":[{"tStartMs":0,"dDurationMs":20000,"id":1,"wpWinPosId":1},
            {"tStartMs":120,"dDurationMs":6000,"segs":[{"utf8":"the","acAsrConf":0},{"utf8":" pump","tOffsetMs":300}]},
            {"tStartMs":2000,"dDurationMs":4000,"aAppend":1,"segs":[{"utf8":"\\n"}]},
            {"tStartMs":2010,"dDurationMs":4000,"segs":[{"utf8":"is"},{"utf8":" red","tOffsetMs":500}]},
            {"tStartMs":7000,"dDurationMs":1000,"segs":[{"utf8":"[Music]"}]}]}
            """)
        #expect(document.text == "the pump is red\n\n[Music]")
        #expect(document.divisions?.starts.count == 8)
    }

    @Test(arguments: [
        "", "{}", "{\"events\":5}", "{\"events\":[]}", "<transcript></transcript>", "WEBVTT\n\n00:01 --> 00:02\nx",
        "<html><p>Sorry</p></html>", "<text start=\"x\">a</text>",
    ])
    func `what is no captions gives no words`(captions: String) {
        #expect(document(captions).text == "")
    }

    @Test func `times that no recording has are brought into those that one can have`() {
        let text = document(
            #"<text start="1e300" dur="5">a</text><text start="-5" dur="1">b</text><text start="inf">c</text><text start="nan">d</text>"#
        )
        #expect(text.text.split(whereSeparator: \.isWhitespace) == ["a", "b"])
    }
}
