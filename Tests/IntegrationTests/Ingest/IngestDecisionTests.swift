import Domain
import Testing

@testable import App

@Suite struct IngestDecisionTests {
    private let place: LibraryPlace
    private let decider = IngestDecider(workspaces: ["one", "two"])

    init() throws { place = LibraryPlace(folder: try FolderName.mirroring(["docs"]), fileName: "a.txt") }

    private func known(
        _ fileName: String = "a.txt", in folder: String = "docs", link: Bool = false, at location: String = "l",
        _ workspaces: Set<String> = ["one", "two"]
    ) -> KnownDocument {
        KnownDocument(
            sha256: "s", location: location, place: LibraryPlace.Key(folder: folder, fileName: fileName),
            isOfLink: link, workspaces: workspaces)
    }

    private func decide(_ known: KnownDocument..., taken: Set<LibraryPlace.Key> = []) -> IngestDecision {
        decider.decide(place, known: known, taken: taken.union([place.key]))
    }

    @Test func `what nobody knows is sent`() { #expect(decide() == .upload) }

    @Test func `what is there stays, and goes into the workspaces that miss it`() {
        #expect(decide(known()) == .keep(missing: [:], elsewhere: nil))
        #expect(
            decide(known(at: "x", ["one"]), known(at: "y", []))
                == .keep(
                    missing: ["one": ["y"], "two": ["x", "y"]], elsewhere: nil))
    }

    @Test func `the same bytes elsewhere stand for the file`() {
        #expect(decide(known("old.TXT", in: "web")) == .keep(missing: [:], elsewhere: "l"))
    }

    @Test func `another file's document, another format and a page of the web stand for no file`() {
        #expect(decide(known("b.txt"), taken: [LibraryPlace.Key(folder: "docs", fileName: "b.txt")]) == .upload)
        #expect(decide(known("a.csv")) == .upload)
        #expect(decide(known("b.txt", link: true)) == .upload)
    }

    @Test func `who keeps every version keeps every file`() {
        let decider = IngestDecider(duplicates: .keep)
        #expect(decider.decide(place, known: [known("b.txt")], taken: []) == .upload)
        #expect(decider.decide(place, known: [known()], taken: []) == .keep(missing: [:], elsewhere: nil))
    }
}
