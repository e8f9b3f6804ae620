import Domain
import Engine
import Foundation
import HTTPAPI
import HTTPTypes
import HummingbirdTesting
import NIOCore
import OrderedJSON
import Testing

/// A real file of each type that clients are told of, uploaded, embedded and found again with its place.
///
/// The list comes from the server: a type that is added there needs a file here.
@Suite(.timeLimit(.minutes(10))) struct AcceptedTypesTests {
    private struct Example {
        /// In the fixtures of DocumentParsersTests, which say how they were made.
        let file: String
        /// Stands in one of its documents.
        let words: String
        /// What of the document they stand in, and which: `page`, 3.
        var place: (unit: String, number: Int64)?
        var sheet: String?
        /// The headings above them, outermost first.
        var headings: [String]?
    }

    private static let guide = "Two deckhands watch"
    private static let notice = "The ferry leaves at 17:40."

    private static let examples: [String: Example] = [
        ".txt": Example(file: "formats/guide.txt", words: guide),
        ".md": Example(file: "formats/guide.md", words: guide, headings: ["The Ferry", "Crew"]),
        ".org": Example(file: "formats/guide.org", words: guide, headings: ["The Ferry", "Crew"]),
        ".adoc": Example(file: "formats/guide.adoc", words: guide, headings: ["The Ferry", "Crew"]),
        ".rst": Example(file: "formats/guide.rst", words: guide, headings: ["The Ferry", "Crew"]),
        ".html": Example(file: "formats/guide.html", words: guide, headings: ["The Ferry", "Crew"]),
        ".htm": Example(file: "formats/guide.html", words: guide, headings: ["The Ferry", "Crew"]),
        ".xhtml": Example(file: "formats/guide.html", words: guide, headings: ["The Ferry", "Crew"]),
        ".xml": Example(file: "formats/guide.xml", words: guide, headings: ["Guide", "The Ferry", "Crew"]),
        ".csv": Example(file: "formats/trips.csv", words: "late, in fog", place: ("row", 2)),
        ".tsv": Example(file: "formats/trips.tsv", words: "late, in fog", place: ("row", 2)),
        ".json": Example(file: "formats/trips.json", words: "late, in fog", place: ("record", 1)),
        ".jsonl": Example(file: "formats/trips.jsonl", words: "late, in fog", place: ("record", 1)),
        ".ndjson": Example(file: "formats/trips.jsonl", words: "late, in fog", place: ("record", 1)),
        ".geojson": Example(file: "formats/piers.geojson", words: "South pier", place: ("record", 2)),
        ".docx": word("manual.docx"), ".docm": word("formats/manual.docm"), ".dotx": word("formats/manual.dotx"),
        ".doc": word("letter.doc"),
        ".pptx": slides("tour.pptx"), ".pptm": slides("formats/tour.pptm"), ".potx": slides("formats/tour.potx"),
        ".ppsx": slides("formats/tour.ppsx"),
        ".ppt": slides("tour.ppt"),
        ".xlsx": sheet("orders.xlsx"), ".xlsm": sheet("formats/orders.xlsm"), ".xltx": sheet("formats/orders.xltx"),
        ".xls": sheet("orders.xls"),
        ".odt": Example(file: "ferry.odt", words: "Lower the ramp", headings: ["Timetable", "Crew"]),
        ".odp": Example(
            file: "lighthouse.odp", words: "Three families", place: ("slide", 3), headings: ["Keepers"]),
        ".ods": Example(
            file: "trips.ods", words: "late, in fog", place: ("row", 2), sheet: "Trips",
            headings: ["Trips"]),
        ".rtf": Example(file: "ferry.rtf", words: "Lower the ramp", headings: ["Timetable", "Crew"]),
        ".pdf": Example(file: "pages.pdf", words: "Three keepers lived there", place: ("page", 3)),
        ".mbox": Example(
            file: "harbour.mbox", words: "Only HTML here.", place: ("message", 3),
            headings: ["Message no. 3"]),
        ".eml": Example(file: "plan.eml", words: "the plan is attached.", headings: ["Fährplan für März"]),
        ".epub": Example(
            file: "book-3.epub", words: "It burned rape-seed oil.", place: ("chapter", 2),
            headings: ["The Tower", "The Lamp"]),
        ".png": Example(file: "pictures/gray.png", words: notice),
        ".jpg": Example(file: "pictures/color.jpg", words: notice),
        ".jpeg": Example(file: "pictures/color.jpg", words: notice),
        ".webp": Example(file: "pictures/lossy.webp", words: notice),
        ".gif": Example(file: "pictures/palette.gif", words: notice),
        ".bmp": Example(file: "pictures/one-bit.bmp", words: notice),
        ".tif": tiff("pictures/pages-lzw.tif"), ".tiff": tiff("pictures/pages-fax.tiff"),
    ]

    private static func word(_ file: String) -> Example {
        Example(file: file, words: "Lower the gates", headings: ["Opening", "Crew"])
    }

    private static func slides(_ file: String) -> Example {
        Example(file: file, words: "Signal mast", place: ("slide", 2), headings: ["Stations"])
    }

    private static func sheet(_ file: String) -> Example {
        Example(
            file: file, words: "1262.50 €", place: ("row", 6), sheet: "Orders 2024",
            headings: ["Orders 2024"])
    }

    private static func tiff(_ file: String) -> Example {
        Example(file: file, words: "The pier is closed in March.", place: ("page", 2))
    }

    private static func bytes(_ file: String) throws -> [UInt8] {
        let fixtures = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appending(path: "../../DocumentParsersTests/Fixtures")
        return [UInt8](try Data(contentsOf: fixtures.appending(path: file)))
    }

    @Test func `a real file of each accepted type is read, embedded and found with its place`() async throws {
        // Chunks so short that each is in one place.
        let environment = ["TEXT_SPLITTER_CHUNK_SIZE": "40", "TEXT_SPLITTER_CHUNK_OVERLAP": "0"]
        try await TestServer.run(environment: environment) { client in
            let answer = try await client.json(.get, "/v1/document/accepted-file-types")
            let types = try #require(answer["types"]?.objectValue)
            #expect(types.keys.count > 25)
            var tried: Set<String> = []
            for type in types.keys {
                for ending in types[type]?.arrayValue?.compactMap(\.stringValue) ?? [] {
                    guard tried.insert(ending).inserted else { continue }
                    guard let example = Self.examples[ending] else {
                        Issue.record("\(type), \(ending) has no example")
                        continue
                    }
                    try await check(example, ending, with: client)
                }
            }
            // What is no longer accepted needs no example.
            #expect(Set(Self.examples.keys) == tried)
        }
    }

    private func check(_ example: Example, _ ending: String, with client: TestClient) async throws {
        let workspace = "t" + ending.dropFirst()
        _ = try await client.json(.post, "/v1/workspace/new", ["name": .string(workspace), "similarityThreshold": 0])
        let form = form([
            .field("addToWorkspaces", workspace),
            .file(try Self.bytes(example.file), disposition: "filename=\"example\(ending)\""),
        ])
        // Character recognition may take longer than a client waits.
        let job = try await client.client.execute(
            uri: "/api/v1/document/upload?async=true", method: .post,
            headers: [.authorization: "Bearer \(client.key)", .contentType: contentType], body: ByteBuffer(bytes: form)
        ) { try JSON(parsing: String(buffer: $0.body))["jobId"]?.stringValue }
        let outcome = try await client.server.services.administration.jobs.outcome(of: #require(job, "\(ending)"))
        guard case .ingestion(let ingestion) = outcome else {
            Issue.record("\(ending): \(outcome)")
            return
        }
        #expect(!ingestion.placements.isEmpty && ingestion.placements.allSatisfy { $0.error == nil }, "\(ending)")

        let found = try await client.json(
            .post, "/v1/workspace/\(workspace)/vector-search",
            ["query": .string(example.words), "topN": 200, "scoreThreshold": 0])
        let hits = found["results"]?.arrayValue ?? []
        let hit = hits.first { $0["chunk"]?.stringValue?.contains(example.words) == true }
        let metadata = try #require(hit?["metadata"], "\(ending): nothing with these words was found")
        if let (unit, number) = example.place {
            let last = "last" + unit.prefix(1).uppercased() + unit.dropFirst()
            let numbers = [unit, last].map { metadata[$0]?.integerValue ?? -1 }
            // A chunk of a few short rows holds several.
            #expect(
                numbers[0] <= number && number <= numbers[1] && numbers[1] <= numbers[0] + 1, "\(ending): \(numbers)")
        } else {
            // What has no pages, rows or the like says so.
            #expect(metadata["page"] == .null, "\(ending)")
        }
        #expect(metadata["sheet"]?.stringValue == example.sheet, "\(ending)")
        if let headings = example.headings {
            #expect(metadata["headings"] == .array(headings.map(JSON.string)), "\(ending)")
        }
    }
}
