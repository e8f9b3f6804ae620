import Domain
import Foundation
import Testing

@testable import App

@Suite struct IngestProgressTests {
    private func file(_ path: String, _ byteCount: Int) throws -> LocalFile {
        LocalFile(
            path: path, relativePath: path, version: LocalFile.Version(byteCount: byteCount, modifiedAt: 0, inode: 1),
            place: LibraryPlace(folder: try FolderName.mirroring(["docs"]), fileName: path))
    }

    @Test func `the bar tells files, bytes, what is under way and the time left`() throws {
        let files = try (0..<4).map { try file("\($0)\u{1B}.txt", 1_000_000) }
        var progress = IngestProgress()
        progress.begin(files)
        let start = ContinuousClock.now
        _ = progress.text(width: 120, notice: nil, at: start)
        progress.finish(files[0])
        progress.current.append(files[1].path)
        _ = progress.text(width: 120, notice: nil, at: start + .seconds(10))
        progress.finish(files[1])
        progress.current.append(files[2].path)
        progress.sent(500_000, of: files[2])
        let text = progress.text(width: 120, notice: nil, at: start + .seconds(20))
        #expect(text?.contains("2/4 files  2.5 MB/4.0 MB") == true)
        #expect(text?.hasSuffix(#"left  2\u{1b}.txt"#) == true && text?.hasPrefix("[####") == true)
        #expect(progress.text(width: 40, notice: "Waiting.", at: start)?.count ?? 99 < 40)
        for file in files[2...] { progress.finish(file) }
        #expect(progress.text(width: 120, notice: nil, at: start) == nil)
    }

    @Test func `amounts are written for people`() {
        #expect(
            [0, 999, 1000, 1_234_567, 999_999_999, 12_345_678_901].map(HumanText.bytes) == [
                "0 bytes", "999 bytes", "1.0 kB", "1.2 MB", "1.0 GB", "12 GB",
            ])
        #expect(
            [0.04, 3.21, 42, 125, 3725].map { HumanText.duration(.seconds($0)) } == [
                "0.0 s", "3.2 s", "42 s", "2 min 5 s", "1 h 2 min",
            ])
    }
}
