import MirrorCore
import MirrorHTTP
import Testing

@testable import mirrord

/// Several registries in one file.
@Suite struct UpstreamConfigurationTests {
    private let text = #"""
        version: 0.1
        storage: {inmemory: , delete: {enabled: true}}
        proxy:
          remoteurl: https://one.test
          tags: {maxage: 1m}
          upstreams:
            - name: two.test
              remoteurl: https://r.two.test
              ttl: 2h
              tags: {immutable: ['^v']}
              limits: {concurrency: 2, bandwidth: 2MiB, scarcebelow: 2%, failures: 7}
              eviction: {maxsize: 2GiB, maxage: 4h, pin: ['a:*']}
              tls: {rootcas: [/two.pem], certificate: /two.crt, key: /two.key}
              httpproxy: http://proxy.test:3128
              hosts: [two.mirror.test]
              redirects: [cdn.two.test]
            - remoteurl: https://three.test
              httpproxy: none
        """#

    private func configuration() throws -> Configuration {
        try LoadedConfiguration.parse(Array(text.utf8), file: "config.yml").configuration
    }

    @Test func eachRegistryHasItsOwnOfEverything() throws {
        let configuration = try configuration()
        #expect(configuration.upstreams.map(\.nameAmongOthers?.text) == ["two.test", "three.test"])
        let two = try #require(configuration.upstreams.first)
        #expect(two.timeToLive == .seconds(7_200))
        #expect(two.tags == FreshnessPolicy(immutable: try TagPatterns(["^v"])))
        var limits = UpstreamLimits()
        limits.concurrency = 2
        limits.bandwidth = 2 << 20
        limits.scarceBelow = 0.02
        limits.failures = 7
        #expect(two.limits == limits)
        #expect(two.eviction.maxSize == 2 << 30 && two.eviction.maxAge == .seconds(14_400))
        #expect(two.eviction.pins == ImagePatterns(["a:*"]))
        #expect(two.tls.rootFiles == ["/two.pem"])
        #expect(
            two.tls.identity == TLSIdentity(certificateFile: "/two.crt", keyFile: "/two.key"))
        #expect(two.httpProxy == .everywhere(Secret("http://proxy.test:3128")))
        #expect(two.hosts == ["two.mirror.test"] && two.redirectHosts == ["cdn.two.test"])
        // Neither the main one nor the next has any of it.
        let three = configuration.upstreams[1]
        #expect(three.httpProxy == .direct)
        for other in [configuration.proxy, three] {
            #expect(other.limits == UpstreamLimits() && other.tls == Configuration.Upstream.TLS())
            #expect(other.eviction == Configuration.Upstream.Eviction())
        }
        #expect(three.tags == FreshnessPolicy())
    }

    @Test func eachRegistrysTagsAreAskedForByItsOwnPolicy() async throws {
        let checker = await Assembly.freshness(try configuration())
        let now = WallTime.seconds(1_000_000)
        func decision(_ repository: String, _ tag: String) throws -> FreshnessDecision {
            let record = TagRecord(
                repository: try #require(RepositoryName(repository)),
                tag: try #require([tag].compactMap { MirrorCore.Tag($0) }.first),
                digest: Digest(of: []),
                checkedAt: now - .seconds(30))
            return checker.decision(on: record, at: now, outlook: .clear)
        }
        #expect(try decision("library/a", "v1") == .serve)
        #expect(try decision("two.test/library/a", "v1") == .serve)
        #expect(try decision("two.test/library/a", "latest") == .ask)
        #expect(try decision("three.test/library/a", "v1") == .ask)
    }

    @Test func eachRegistrysContentGoesByItsOwnPolicy() async throws {
        let scheduler = await Assembly.eviction(try configuration())
        let stored = WallTime.seconds(1_000_000)
        var items: [CachedItem] = []
        for name in ["library/a", "two.test/library/a", "three.test/library/a"] {
            let item = CachedItem(.blob, Digest(of: []), in: try #require(RepositoryName(name)))
            scheduler.didStore(HeldItem(item, storedAt: stored, lastUse: stored))
            items.append(item)
        }
        let victims = scheduler.victims(
            in: EvictionSituation(now: stored + .seconds(7_200)), limit: 10)
        #expect(victims.map(\.items) == [[items[1]]])
        #expect(victims.map(\.reason) == [.unused])
    }
}
