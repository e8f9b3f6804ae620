extension Setting {
    /// Why a value is refused, in the order of the rules; `nil` unsets.
    func refusals(of value: String?, container: ContainerCheck?, networks: ProviderNetworks) async -> [String] {
        guard let value else {
            return isSettable ? [] : await SettingRule.never.refusal(of: "", container: nil).map { [$0] } ?? []
        }
        var messages: [String] = []
        for rule in rules {
            if let message = await rule.refusal(of: value, container: container) { messages.append(message) }
        }
        if messages.isEmpty, let message = SettingText.refusal(of: value) { messages.append(message) }
        if messages.isEmpty, !value.isEmpty, let message = await limit?.refusal(of: value, container: container) {
            messages.append(message)
        }
        if messages.isEmpty, leadsSomewhere, let message = await networks.refusal(of: value) {
            messages.append(message)
        }
        return messages
    }
}

extension SettingsSnapshot {
    /// A value that came from the environment and breaks the setting's rules. It holds all the same; whoever uses it
    /// reads it as best they can, so it is worth a warning at start and a line in `lectern doctor`.
    package struct Problem: Sendable, Equatable {
        package let variable: String
        package let messages: [String]
        /// Whether something would not be protected that operators believe to be, so that the server must not start.
        package var preventsStart = false

        package var sentence: String { "\(variable): \(messages.joined(separator: " "))" }
    }

    /// What is wrong with the environment, in the order of the table. No message repeats a secret.
    package func environmentProblems() async -> [Problem] {
        var problems: [Problem] = []
        for setting in SettingTable.settings where setting.isSettable && source(of: setting.variable) == .environment {
            let messages = await setting.refusals(
                of: value(for: setting.variable), container: nil, networks: ProviderNetworks(self))
            let problem = Problem(variable: setting.variable, messages: messages)
            if !messages.isEmpty, !problems.contains(problem) { problems.append(problem) }
        }
        return environmentOnlyProblems + problems
    }

    /// The same for variables that are read from the environment alone.
    package var environmentOnlyProblems: [Problem] {
        EnvironmentVariable.all.compactMap { variable in
            guard source(of: variable.name) == .environment, let value = value(for: variable.name),
                let message = variable.rule.refusal(of: value)
            else { return nil }
            return Problem(variable: variable.name, messages: [message], preventsStart: variable.isProtective)
        }
    }
}
