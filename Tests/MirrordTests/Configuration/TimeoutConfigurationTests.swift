import MirrorHTTP
import Testing

@testable import mirrord

/// What `proxy.timeouts` says.
@Suite struct TimeoutConfigurationTests {
    private func file(_ timeouts: String) -> String {
        """
        version: 0.1
        storage: inmemory
        proxy:
          remoteurl: https://r.test
          timeouts: {\(timeouts)}
        """
    }

    private func loaded(_ timeouts: String) throws -> LoadedConfiguration {
        try LoadedConfiguration.parse(Array(file(timeouts).utf8), file: "config.yml")
    }

    @Test func whatIsNotSaidHasItsDefault() throws {
        #expect(try configuration().configuration.proxy.timeouts == ClientTimeouts())
        #expect(try loaded("").configuration.proxy.timeouts == ClientTimeouts())
    }

    @Test func everyKeyIsRead() throws {
        let loaded = try loaded(
            "connect: 1s, handshake: 2s, head: 3s, stall: 4s, crawl: 5s, answer: 6s")
        let timeouts = loaded.configuration.proxy.timeouts
        #expect(timeouts.connect == .seconds(1) && timeouts.handshake == .seconds(2))
        #expect(timeouts.responseHead == .seconds(3) && timeouts.bodySilence == .seconds(4))
        #expect(timeouts.bodyCrawl == .seconds(5) && timeouts.answer == .seconds(6))
        #expect(loaded.warnings.isEmpty)
    }

    @Test func eachRegistryHasItsOwn() throws {
        let text =
            file("stall: 7s")
            + "\n  upstreams: [{remoteurl: 'https://o.test', timeouts: {stall: 9s}}]"
        let loaded = try LoadedConfiguration.parse(Array(text.utf8), file: "config.yml")
        #expect(loaded.configuration.proxy.timeouts.bodySilence == .seconds(7))
        #expect(loaded.configuration.upstreams.map(\.timeouts.bodySilence) == [.seconds(9)])
    }

    @Test func onlyACrawlMayBeAllowed() throws {
        #expect(try loaded("crawl: 0s").configuration.proxy.timeouts.bodyCrawl == .zero)
        #expect(
            faults(file("stall: 0s")) == [
                "5:21: proxy.timeouts.stall must be a duration from 100ms to 1h, not this text"
            ])
    }

    @Test(arguments: [
        (
            "connect: 50ms",
            "5:23: proxy.timeouts.connect must be a duration from 100ms to 1h, not this text"
        ),
        (
            "answer: 2h",
            "5:22: proxy.timeouts.answer must be a duration from 100ms to 1h, not this text"
        ),
        (
            "crawl: -1s",
            "5:21: proxy.timeouts.crawl must be a duration from 100ms to 1h, or 0s for none, "
                + "not this text"
        ),
        (
            "stal: 10s",
            #"5:14: there is no key "stal" in proxy.timeouts: did you mean stall?"#
        ),
    ])
    func aFaultIsTold(_ timeouts: String, _ fault: String) {
        #expect(faults(file(timeouts)) == [fault])
    }

    @Test(arguments: [
        (
            "answer: 30s",
            "5:14: proxy.timeouts.answer is 30s or more: clients of a mirror do not wait so long, "
                + "and ask their next registry"
        ),
        (
            "head: 26s",
            "5:14: proxy.timeouts.head is longer than answer, which ends the waiting first"
        ),
    ])
    func whatCannotBeMeantIsAWarning(_ timeouts: String, _ warning: String) throws {
        let warnings = try loaded(timeouts).warnings.map(\.description)
        #expect(warnings == ["config.yml:\(warning)"])
    }
}
