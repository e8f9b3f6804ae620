import Domain

/// What a password must be like, by variables of the environment.
struct PasswordRules {
    let settings: SettingsSnapshot

    /// Bytes of a password at most: more would only make a server compute.
    private static let maximumBytes = 1024

    /// What is wrong with a password; `nil` where nothing is.
    func problem(with password: String) -> String? {
        guard !password.isEmpty else { return "\"value\" is not allowed to be empty" }
        guard password.utf8.count <= Self.maximumBytes else {
            return "password should not be longer than \(Self.maximumBytes) bytes"
        }
        let length = password.utf16.count
        let (minimum, maximum) = (number("PASSWORDMINCHAR", else: 8), number("PASSWORDMAXCHAR", else: 250))
        var problems: [String] = []
        if length < minimum { problems.append("password should be at least \(minimum) characters long") }
        if length > maximum { problems.append("password should not be longer than \(maximum) characters") }
        let classes = classes(of: password).filter { $0.required > 0 }
        let missing = classes.filter { $0.count < $0.required }
        let wanted = number("PASSWORDREQUIREMENTS", else: 0)
        let needed = wanted > 0 && wanted < classes.count ? wanted : classes.count
        if classes.count - missing.count < needed {
            problems += missing.map { "password should contain at least \($0.required) \($0.name)" }
            if needed < classes.count {
                problems.append("password must meet at least \(needed) of the complexity requirements")
            }
        }
        return problems.isEmpty ? nil : problems.joined(separator: ", ")
    }

    private func classes(of password: String) -> [(name: String, count: Int, required: Int)] {
        var (lower, upper, digits, symbols) = (0, 0, 0, 0)
        for unit in password.utf16 {
            switch unit {
            case 0x61...0x7A: lower += 1
            case 0x41...0x5A: upper += 1
            case 0x30...0x39: digits += 1
            default: symbols += 1
            }
        }
        return [
            ("lower-cased letters", lower, number("PASSWORDLOWERCASE", else: 0)),
            ("upper-cased letters", upper, number("PASSWORDUPPERCASE", else: 0)),
            ("numbers", digits, number("PASSWORDNUMERIC", else: 0)),
            ("symbols", symbols, number("PASSWORDSYMBOL", else: 0)),
        ]
    }

    private func number(_ variable: String, else standard: Int) -> Int {
        settings.number(for: variable).flatMap { Int(exactly: $0.rounded(.down)) } ?? standard
    }
}
