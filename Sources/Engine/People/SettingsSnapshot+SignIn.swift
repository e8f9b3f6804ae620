import Domain

extension SettingsSnapshot {
    package var offersSimpleSSO: Bool { flag("SIMPLE_SSO_ENABLED") }

    /// Whether passwords are not taken at all.
    package var allowsOnlySingleSignOn: Bool { offersSimpleSSO && flag("SIMPLE_SSO_NO_LOGIN") }

    /// Where visitors without a session are sent, if anywhere.
    package var simpleSSORedirect: String? {
        guard flag("SIMPLE_SSO_ENABLED"), flag("SIMPLE_SSO_NO_LOGIN") else { return nil }
        return value(for: "SIMPLE_SSO_NO_LOGIN_REDIRECT").flatMap { WebAddress($0)?.normalized }
    }
}
