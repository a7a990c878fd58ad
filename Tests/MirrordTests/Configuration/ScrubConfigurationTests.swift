import MirrorCore
import Testing

@testable import mirrord

/// What `storage.scrub` says.
@Suite struct ScrubConfigurationTests {
    private func file(_ scrub: String) -> String {
        """
        version: 0.1
        storage:
          inmemory:
          scrub: {\(scrub)}
        proxy: {remoteurl: https://r.test}
        """
    }

    private func settings(_ scrub: String) throws -> ScrubSettings {
        try LoadedConfiguration.parse(Array(file(scrub).utf8), file: "config.yml")
            .configuration.storage.scrub
    }

    @Test func withoutALineItIsGentleAndOnceAWeek() throws {
        #expect(try settings("") == ScrubSettings(rate: 8 << 20, interval: .seconds(604_800)))
    }

    @Test func takesARateAndAnInterval() throws {
        #expect(
            try settings("rate: 1.5MiB, interval: 24h")
                == ScrubSettings(rate: 3 << 19, interval: .seconds(86_400)))
        #expect(try settings("rate: 0").rate == 0)
        #expect(try settings("interval: 0s").interval == .zero)
    }

    @Test(arguments: [
        (
            "rate: slow",
            "4:17: storage.scrub.rate must be an amount of bytes such as 50GiB or 500MB, "
                + "not this text"
        ),
        ("interval: -1h", "4:21: storage.scrub.interval cannot be negative"),
        ("speed: 1", #"4:11: there is no key "speed" in storage.scrub: there are rate, interval"#),
    ])
    func aFaultIsTold(_ scrub: String, _ fault: String) {
        #expect(faults(file(scrub)) == [fault])
    }
}
