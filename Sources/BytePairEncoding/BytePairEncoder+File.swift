package import Domain
import Foundation

extension BytePairEncoder {
    /// What the vocabulary's file is called.
    package static let fileName = "cl100k_base.tiktoken"
    private static let tokenCount = 100_256

    /// Reads a file of lines, each a token in base64, a space, and the token's id.
    ///
    /// - Throws: `unavailable` where it cannot be read, or is not what it should be.
    package init(file: String) throws(ServiceError) {
        let data: Data
        do { data = try Data(contentsOf: URL(fileURLWithPath: file), options: .mappedIfSafe) } catch {
            throw ServiceError(.unavailable, "The vocabulary \(Self.fileName) cannot be read.", cause: error)
        }
        guard let tokens = data.withUnsafeBytes({ Self.tokens(in: $0.bindMemory(to: UInt8.self)) }) else {
            throw ServiceError(.unavailable, "\(Self.fileName) is damaged; script/fetch-vocabulary fetches it again.")
        }
        self.init(TokenTable(tokens))
    }

    /// `nil` where the ids are not 0, 1, 2 and so on to the last, or a line is none.
    private static func tokens(in text: UnsafeBufferPointer<UInt8>) -> [ArraySlice<UInt8>]? {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.count / 2)
        var ends: [Int] = []
        ends.reserveCapacity(tokenCount)
        for line in text.split(separator: UInt8(ascii: "\n")) {
            guard let space = line.firstIndex(of: UInt8(ascii: " ")),
                appendBase64(line[..<space], to: &bytes), decimal(line[(space + 1)...]) == ends.count
            else { return nil }
            ends.append(bytes.count)
        }
        guard ends.count == tokenCount else { return nil }
        return ends.indices.map { bytes[($0 == 0 ? 0 : ends[$0 - 1])..<ends[$0]] }
    }

    private static func appendBase64(_ text: Slice<UnsafeBufferPointer<UInt8>>, to bytes: inout [UInt8]) -> Bool {
        var bits: UInt32 = 0
        var count = 0
        for character in text {
            if character == UInt8(ascii: "=") { break }
            let value = base64Values[Int(character)]
            guard value < 64 else { return false }
            bits = bits << 6 | UInt32(value)
            count += 6
            if count >= 8 {
                count -= 8
                bytes.append(UInt8(truncatingIfNeeded: bits >> UInt32(count)))
            }
        }
        return !text.isEmpty
    }

    private static let base64Values: [UInt8] = {
        var values = [UInt8](repeating: 64, count: 256)
        let alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
        for (value, character) in alphabet.utf8.enumerated() { values[Int(character)] = UInt8(value) }
        return values
    }()

    private static func decimal(_ text: Slice<UnsafeBufferPointer<UInt8>>) -> Int? {
        guard !text.isEmpty, text.count < 10 else { return nil }
        var value = 0
        for digit in text {
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(digit) else { return nil }
            value = value * 10 + Int(digit - UInt8(ascii: "0"))
        }
        return value
    }
}
