/// Host names with letters of other alphabets, as the domain name system writes them (RFC 3492, RFC 5891).
package enum InternationalHostName {
    /// `müller.example` becomes `xn--mller-kva.example`; `nil` where a label is too long for a name.
    package static func ascii(_ host: String) -> String? {
        guard !host.utf8.allSatisfy({ $0 < 0x80 }) else { return host }
        // Other full stops are written in East Asia.
        let plain = host.lowercased().composed.unicodeScalars.map { scalar -> Unicode.Scalar in
            ["\u{3002}", "\u{FF0E}", "\u{FF61}"].contains(scalar) ? "." : scalar
        }
        let labels = plain.split(separator: ".", omittingEmptySubsequences: false).map { label in
            label.allSatisfy(\.isASCII)
                ? String(String.UnicodeScalarView(label)) : "xn--" + punycode(Array(label).map(\.value))
        }
        guard labels.allSatisfy({ $0.utf8.count <= 63 }) else { return nil }
        return labels.joined(separator: ".")
    }

    // The parameters of RFC 3492, section 5.
    private static let base = 36
    private static let leastThreshold = 1
    private static let greatestThreshold = 26
    private static let skew = 38
    private static let damp = 700
    private static let initialBias = 72
    private static let initialValue: UInt32 = 0x80

    /// Section 6.3.
    private static func punycode(_ label: [UInt32]) -> String {
        var output = label.filter { $0 < initialValue }.map { UInt8($0) }
        let basicCount = output.count
        if basicCount > 0 { output.append(UInt8(ascii: "-")) }
        var (value, delta, bias, handled) = (initialValue, 0, initialBias, basicCount)
        while handled < label.count {
            guard let next = label.filter({ $0 >= value }).min() else { break }
            delta += Int(next - value) * (handled + 1)
            value = next
            for code in label {
                if code < value { delta += 1 }
                guard code == value else { continue }
                appendInteger(delta, bias: bias, to: &output)
                bias = adapted(delta, count: handled + 1, isFirst: handled == basicCount)
                delta = 0
                handled += 1
            }
            delta += 1
            value += 1
        }
        return String(decoding: output, as: UTF8.self)
    }

    private static func appendInteger(_ number: Int, bias: Int, to output: inout [UInt8]) {
        var rest = number
        var position = base
        while true {
            let threshold = min(max(position - bias, leastThreshold), greatestThreshold)
            guard rest >= threshold else { break }
            output.append(digit(threshold + (rest - threshold) % (base - threshold)))
            rest = (rest - threshold) / (base - threshold)
            position += base
        }
        output.append(digit(rest))
    }

    private static func digit(_ value: Int) -> UInt8 {
        UInt8(value < 26 ? value + 0x61 : value - 26 + 0x30)
    }

    /// Section 6.1.
    private static func adapted(_ delta: Int, count: Int, isFirst: Bool) -> Int {
        var delta = isFirst ? delta / damp : delta / 2
        delta += delta / count
        var steps = 0
        while delta > (base - leastThreshold) * greatestThreshold / 2 {
            delta /= base - leastThreshold
            steps += base
        }
        return steps + (base - leastThreshold + 1) * delta / (delta + skew)
    }
}
