import Foundation
import Testing

@testable import Engine

@Suite struct SecretBoxTests {
    let directory: TemporaryDirectory
    let box: SecretBox

    init() throws {
        directory = try TemporaryDirectory()
        box = SecretBox(try directory.secretKey())
    }

    @Test(arguments: ["", "sk-1", "quotes ' \" # = and \u{1F600}", String(repeating: "x", count: 16_384)])
    func `what is sealed opens to the same text`(_ text: String) throws {
        let sealed = try box.seal(text, for: "OPEN_AI_KEY")
        #expect(sealed.hasPrefix("v1:"))
        #expect(text.isEmpty || !sealed.contains(text))
        #expect(try box.open(sealed, for: "OPEN_AI_KEY") == text)
    }

    @Test func `the same text is never sealed alike twice`() throws {
        #expect(try box.seal("sk-1", for: "A") != box.seal("sk-1", for: "A"))
    }

    @Test func `a secret that is moved to another setting does not open`() throws {
        let sealed = try box.seal("sk-1", for: "OPEN_AI_KEY")
        #expect(throws: SecretBoxError.damaged) { try box.open(sealed, for: "GROQ_API_KEY") }
    }

    @Test func `a secret that was changed in any byte does not open`() throws {
        let sealed = try box.seal("sk-1", for: "A")
        let bytes = try #require(Data(base64Encoded: String(sealed.dropFirst(3))))
        for index in bytes.indices {
            var changed = bytes
            changed[index] ^= 1
            #expect(throws: SecretBoxError.damaged) { try box.open("v1:" + changed.base64EncodedString(), for: "A") }
        }
    }

    @Test(arguments: ["v1:", "v1:????", "v1:AAAA", "v1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=="])
    func `a stump of a secret does not open`(_ sealed: String) {
        #expect(throws: SecretBoxError.damaged) { try box.open(sealed, for: "A") }
    }

    @Test(arguments: ["", "sk-in-clear", "v2:AAAA"]) func `another form is named as such`(_ sealed: String) {
        #expect(throws: SecretBoxError.unknownForm) { try box.open(sealed, for: "A") }
    }

    @Test func `another key does not open it, and the setting then counts as not set`() throws {
        let other = SecretBox(try TemporaryDirectory().secretKey())
        let change = SettingChange(variable: "OPEN_AI_KEY", value: "sk-1", isSecret: true)
        let plain = SettingChange(variable: "LLM_PROVIDER", value: "openai", isSecret: false)
        let entries = try box.seal([change, plain]).entries
        let opened = other.open(entries)
        #expect(opened.values == ["LLM_PROVIDER": "openai"])
        #expect(opened.unreadable == ["OPEN_AI_KEY"])
        #expect(box.open(entries).values == ["LLM_PROVIDER": "openai", "OPEN_AI_KEY": "sk-1"])
    }

    @Test func `taking a value back removes the entry`() throws {
        let change = SettingChange(variable: "A", value: nil, isSecret: true)
        #expect(try box.seal([change]) == SealedChanges(removals: ["A"]))
    }

    @Test func `a box shows nothing of its key`() {
        var dumped = "\(box) \(String(reflecting: box))"
        dump(box, to: &dumped)
        #expect(!dumped.lowercased().contains("key"))
    }
}

@Suite struct SecretKeyFileTests {
    let directory: TemporaryDirectory
    init() throws { directory = try TemporaryDirectory() }

    @Test func `the first start makes a key that only its owner reads, and later ones find it`() throws {
        let first = try directory.secretKey()
        #expect(first.event == .created)
        #expect(first.key.count == 32)
        #expect(try directory.mode(of: directory.keyPath) == 0o600)
        let second = try directory.secretKey()
        #expect(second.event == .found)
        #expect(second.key == first.key)
        #expect(try FileManager.default.contentsOfDirectory(atPath: directory.path) == ["secret.key"])
    }

    @Test func `a start that comes second leaves the key of the first alone`() throws {
        let key = try directory.secretKey().key
        #expect(try !SecretKeyFile.create(directory.keyPath, in: directory.path))
        #expect(try directory.secretKey().key == key)
        #expect(try FileManager.default.contentsOfDirectory(atPath: directory.path) == ["secret.key"])
    }

    @Test func `starts at the same time agree on one key`() async throws {
        let keys = try await withThrowingTaskGroup(of: [UInt8].self) { group in
            for _ in 0..<16 { group.addTask { try directory.secretKey().key } }
            return try await group.reduce(into: Set<[UInt8]>()) { $0.insert($1) }
        }
        #expect(keys.count == 1)
    }

    @Test func `a file that others could read is closed to them`() throws {
        let key = try directory.secretKey().key
        try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: directory.keyPath)
        let repaired = try directory.secretKey()
        #expect(repaired.event == .closedToOthers)
        #expect(repaired.key == key)
        #expect(try directory.mode(of: directory.keyPath) == 0o600)
    }

    @Test(arguments: [0, 31, 33]) func `a file of another size is refused and left alone`(_ size: Int) throws {
        try Data(repeating: 1, count: size).write(to: URL(filePath: directory.keyPath))
        let error = #expect(throws: SecretKeyFileError.wrongSize(size)) { try directory.secretKey() }
        #expect(error?.description.contains("it has \(size) bytes instead of 32") == true)
        #expect(try Data(contentsOf: URL(filePath: directory.keyPath)).count == size)
    }

    @Test func `a link or a directory in its place is refused`() throws {
        try FileManager.default.createDirectory(atPath: directory.keyPath, withIntermediateDirectories: false)
        #expect(throws: SecretKeyFileError.notAFile) { try directory.secretKey() }
        try FileManager.default.removeItem(atPath: directory.keyPath)
        let elsewhere = directory.path + "/elsewhere"
        try Data(repeating: 1, count: 32).write(to: URL(filePath: elsewhere))
        try FileManager.default.createSymbolicLink(atPath: directory.keyPath, withDestinationPath: elsewhere)
        #expect(throws: SecretKeyFileError.self) { try directory.secretKey() }
    }

    @Test func `a storage directory that is missing is named as the reason`() throws {
        let error = #expect(throws: SecretKeyFileError.self) {
            try SecretKeyFile(inDirectory: directory.path + "/missing")
        }
        #expect(error?.description == "Cannot write secret.key in the storage directory: No such file or directory.")
    }
}
