/// How many words a text has.
package enum WordCount {
    /// Words are what stands between white space and holds a letter or a digit; each character of the scripts written
    /// without spaces between words (Chinese, Japanese, Thai, Lao, Khmer, Burmese) counts as one.
    ///
    /// Linear in the length of the text.
    package static func words(in text: String) -> Int {
        var count = 0
        var isInWord = false
        for scalar in text.unicodeScalars {
            if scalar.isASCII {
                let byte = UInt8(truncatingIfNeeded: scalar.value)
                if byte == 0x20 || (0x09...0x0D).contains(byte) {
                    isInWord = false
                } else if !isInWord, byte &- 0x30 < 10 || (byte | 0x20) &- 0x61 < 26 {
                    isInWord = true
                    count += 1
                }
            } else if isWrittenWithoutSpaces(scalar) {
                isInWord = false
                count += scalar.properties.isAlphabetic ? 1 : 0
            } else if scalar.properties.isWhitespace {
                isInWord = false
            } else if !isInWord, scalar.properties.isAlphabetic || scalar.properties.numericType != nil {
                isInWord = true
                count += 1
            }
        }
        return count
    }

    private static func isWrittenWithoutSpaces(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x0E00...0x0EFF, 0x1000...0x109F, 0x1780...0x17FF: true
        case 0x3005...0x3007, 0x3040...0x30FF, 0x3400...0x9FFF, 0xF900...0xFAFF, 0x20000...0x3FFFF: true
        default: false
        }
    }
}
