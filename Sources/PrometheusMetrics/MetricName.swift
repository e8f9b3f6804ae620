/// Names and labels as Prometheus takes them.
enum MetricName {
    /// Letters, digits, `_` and `:`; anything else becomes `_`.
    static func sanitized(_ label: String) -> String {
        let scalars = label.unicodeScalars.map { scalar -> Character in
            switch scalar {
            case "a"..."z", "A"..."Z", "0"..."9", "_", ":": Character(scalar)
            default: "_"
            }
        }
        return scalars.first?.isNumber == true ? "_" + String(scalars) : String(scalars)
    }

    /// `a="1",b="2"`, with the escapes of the format.
    static func labels(_ dimensions: [(String, String)]) -> String {
        dimensions.map { "\(sanitized($0.0))=\"\(escaped($0.1))\"" }.joined(separator: ",")
    }

    private static func escaped(_ value: String) -> String {
        var text = ""
        for scalar in value.unicodeScalars {
            switch scalar {
            case "\\": text += "\\\\"
            case "\"": text += "\\\""
            case "\n": text += "\\n"
            default: text.unicodeScalars.append(scalar)
            }
        }
        return text
    }
}
