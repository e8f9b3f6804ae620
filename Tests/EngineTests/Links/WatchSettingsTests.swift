import Testing

@testable import Engine

@Suite struct WatchSettingsTests {
    private func settings(interval: String?) -> SettingsSnapshot {
        SettingsSnapshot(environment: interval.map { [SettingsSnapshot.intervalVariable: $0] } ?? [:])
    }

    @Test(arguments: [(nil, 604_800), ("7200000", 7200), ("1000", 3600), ("0", 604_800), ("soon", 604_800)])
    func `the time between two checks is a week, or what is set, and an hour at the least`(
        text: String?, seconds: Int
    ) {
        #expect(settings(interval: text).checkInterval == .seconds(seconds))
    }

    @Test func `retries come soon at first, and never later than the next check would`() {
        let hours = (0...6).map { Int(settings(interval: nil).retryDelay(after: $0) / .seconds(3600)) }
        #expect(hours == [1, 1, 4, 16, 64, 168, 168])
        #expect(settings(interval: "7200000").retryDelay(after: 5) == .seconds(7200))
    }

    @Test(arguments: [(nil, true), ("enabled", true), ("disabled", false), ("Disabled", false)])
    func `documents can be watched unless somebody has switched it off`(value: String?, isOn: Bool) {
        let environment = value.map { [SettingsSnapshot.watchingVariable: $0] } ?? [:]
        #expect(SettingsSnapshot(environment: environment).watchesLinks == isOn)
    }
}
