import MirrorCore
import Testing

@testable import mirrord

/// What `proxy.limits` says.
@Suite struct UpstreamLimitsTests {
    private func file(_ limits: String) -> String {
        """
        version: 0.1
        storage: inmemory
        proxy:
          remoteurl: https://r.test
          limits: {\(limits)}
        """
    }

    @Test func withoutALineThereAreNoneButThoseOfTheUpstream() throws {
        let limits = try configuration().configuration.proxy.limits
        #expect(limits.concurrency == 0 && limits.bandwidth == 0)
        #expect(limits.scarceBelow == 0.1 && limits.failures == 3)
    }

    @Test(arguments: [("0%", 0.0), ("100%", 1), ("12.5%", 0.125), ("'7%'", 0.07)])
    func aPercentageIsAPartOfTheWhole(_ text: String, _ expected: Double) throws {
        let loaded = try LoadedConfiguration.parse(
            Array(file("scarcebelow: \(text)").utf8), file: "config.yml")
        #expect(loaded.configuration.proxy.limits.scarceBelow == expected)
    }

    @Test(arguments: [
        (
            "concurrency: -1",
            "5:25: proxy.limits.concurrency must be a whole number from 0 to 65535, "
                + "not this number"
        ),
        (
            "bandwidth: fast",
            "5:23: proxy.limits.bandwidth must be an amount of bytes such as 50GiB or 500MB, "
                + "not this text"
        ),
        (
            "scarcebelow: 0.1",
            "5:25: proxy.limits.scarcebelow must be a percentage such as 10%, not this number"
        ),
        (
            "scarcebelow: 101%",
            "5:25: proxy.limits.scarcebelow must be a percentage such as 10%, not this text"
        ),
        (
            "scarcebelow: .nan%",
            "5:25: proxy.limits.scarcebelow must be a percentage such as 10%, not this text"
        ),
        (
            "failures: many",
            "5:22: proxy.limits.failures must be a whole number from 0 to 65535, not this text"
        ),
        (
            "bandwith: 1MB",
            #"5:12: there is no key "bandwith" in proxy.limits: did you mean bandwidth?"#
        ),
    ])
    func aFaultIsTold(_ limits: String, _ fault: String) {
        #expect(faults(file(limits)) == [fault])
    }
}
