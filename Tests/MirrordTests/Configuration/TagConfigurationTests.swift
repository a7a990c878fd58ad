import MirrorCore
import Testing

@testable import mirrord

/// `proxy.tags`.
@Suite struct TagConfigurationTests {
    private func text(_ tags: String) -> String {
        """
        version: 0.1
        storage: inmemory
        proxy:
          remoteurl: https://r.test
          tags: \(tags)

        """
    }

    private func policy(_ tags: String) throws -> FreshnessPolicy {
        let loaded = try LoadedConfiguration.parse(Array(text(tags).utf8), file: "config.yml")
        #expect(loaded.warnings.isEmpty)
        return loaded.configuration.proxy.tags
    }

    @Test func everyKeyIsRead() throws {
        let tags = #"""
            {maxage: 5m, stalewhilerevalidate: 1h, staleiferror: 24h, keepgone: false,
                notfoundmaxage: 10s, immutable: ['^v?\d+\.\d+\.\d+$', '^sha-']}
            """#
        #expect(
            try policy(tags)
                == FreshnessPolicy(
                    maxAge: .seconds(300), staleWhileRevalidate: .seconds(3_600),
                    staleIfError: .seconds(86_400), keepsGone: false,
                    notFoundMaxAge: .seconds(10),
                    immutable: try TagPatterns([#"^v?\d+\.\d+\.\d+$"#, "^sha-"])))
    }

    @Test(arguments: ["", "{}", "{immutable: }", "{immutable: []}", "{maxage: 0s}"])
    func whatIsNotSaidIsAsBefore(tags: String) throws {
        #expect(try policy(tags) == FreshnessPolicy())
    }

    @Test(arguments: [
        ("{maxage: -1s}", "5:18: proxy.tags.maxage cannot be negative"),
        ("{notfoundmaxage: -1ns}", "5:26: proxy.tags.notfoundmaxage cannot be negative"),
        (
            "{staleiferror: soon}",
            "5:24: proxy.tags.staleiferror must be a duration such as 168h, 1m30s or 100ms, "
                + "not this text"
        ),
        ("{keepgone: 1}", "5:20: proxy.tags.keepgone must be true or false, not this number"),
        (
            "{immutable: v1}",
            "5:21: proxy.tags.immutable must be a list, each entry on a line with - before it, "
                + "not this text"
        ),
        (
            "{immutable: [a, '*b']}",
            "5:25: proxy.tags.immutable holds what is no regular expression: "
                + "quantifier '*' must appear after expression"
        ),
        ("{maxagee: 1s}", #"5:10: there is no key "maxagee" in proxy.tags: did you mean maxage?"#),
        ("5m", "5:9: proxy.tags must be a mapping, key: value, not this text"),
    ])
    func whatCannotBeIsToldWithItsPlace(tags: String, fault: String) {
        #expect(faults(text(tags)) == [fault])
    }
}
