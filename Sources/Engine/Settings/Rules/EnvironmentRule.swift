import Domain

/// What a variable accepts that is read from the environment alone. An empty value counts as none and breaks no rule.
package enum EnvironmentRule: Sendable, Equatable {
    case text
    /// On with anything but `0`, `false`, `no` and `off`.
    case flag
    case wholeNumber(ClosedRange<Int>)
    /// In either case of letters.
    case oneOf([String])
    /// At least one text, with commas between them.
    case list
    /// Addresses and networks, with commas.
    case networks
    /// Names by which this server may be asked for, see ``HostNames``.
    case hosts
    /// Where links may lead, see ``LinkAllowlistEntry``.
    case linkAllowlist
    /// An http or https address.
    case webAddress
    /// How long sessions last, see ``Sessions``.
    case duration
}

extension EnvironmentRule {
    /// Why `value` is refused; `nil` where it is not.
    func refusal(of value: String) -> String? {
        guard !value.isEmpty else { return nil }
        switch self {
        case .text, .flag: return nil
        case .wholeNumber(let range): return wholeNumberRefusal(of: value, in: range)
        case .oneOf(let values):
            return values.contains(value.lowercased())
                ? nil : "Value must be one of: \(values.joined(separator: ", "))."
        case .list: return refusal(ofPartsOf: value, "a name") { _ in true }
        case .networks: return refusal(ofPartsOf: value, "an address or network") { IPNetwork($0) != nil }
        case .hosts: return refusal(ofPartsOf: value, "a host name") { HostNames.isEntry($0) }
        case .linkAllowlist:
            return refusal(ofPartsOf: value, "a host, address or network") { LinkAllowlistEntry($0) != nil }
        case .webAddress:
            return WebAddress(value)?.isWeb == true ? nil : "Value must be an http or https address."
        case .duration:
            return Sessions.seconds(value) == nil
                ? "Value must be a number of seconds, or one with `s`, `m`, `h`, `d`, `w` or `y` behind it." : nil
        }
    }

    private func refusal(ofPartsOf value: String, _ noun: String, isRight: (String) -> Bool) -> String? {
        let parts = value.split(separator: ",").map { String($0).trimmed }.filter { !$0.isEmpty }
        guard !parts.isEmpty else { return "Value must name at least one: \(noun)." }
        return parts.first { !isRight($0) }.map { "\($0) is not \(noun)." }
    }

    /// What the rule accepts, in a few words for the guide.
    var summary: String {
        switch self {
        case .text: "text"
        case .flag: "switch"
        case .wholeNumber(let range): "whole number, \(range.lowerBound) to \(range.upperBound)"
        case .oneOf(let values): values.map { "`\($0)`" }.joined(separator: " ")
        case .list: "names, with commas"
        case .networks: "addresses and networks, with commas"
        case .hosts: "host names, with commas"
        case .linkAllowlist: "hosts, addresses and networks, with commas"
        case .webAddress: "http or https address"
        case .duration: "duration, like `30d`"
        }
    }
}
