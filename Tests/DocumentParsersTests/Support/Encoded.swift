import Foundation
import Glibc
import Testing

/// The bytes of a text in an encoding of the C library.
func encoded(_ text: String, as encoding: String) throws -> [UInt8] {
    let converter = try #require(iconv_open(encoding, "UTF-8"))
    try #require(Int(bitPattern: converter) != -1, "the C library lacks \(encoding)")
    defer { iconv_close(converter) }
    var input = Array(text.utf8)
    var output = [UInt8](repeating: 0, count: 4 * input.count + 16)
    let capacity = output.count
    let left = input.withUnsafeMutableBytes { source in
        output.withUnsafeMutableBytes { target in
            var from = source.bindMemory(to: CChar.self).baseAddress
            var to = target.bindMemory(to: CChar.self).baseAddress
            var (fromLeft, toLeft) = (source.count, target.count)
            let result = iconv(converter, &from, &fromLeft, &to, &toLeft)
            return result == -1 ? nil : toLeft
        }
    }
    return Array(output.prefix(capacity - (try #require(left, "\(encoding) cannot write \(text)"))))
}
