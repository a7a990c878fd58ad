import MirrorCore
import MirrorTesting
import Testing

@testable import MirrorHTTP

/// What the fields of an answer say of how current a tag is.
@Suite struct TagAgeAPITests {
    private let clock = ManualClock()
    private let image = SampleImage(seed: 1)
    private let byTag = "/v2/library/a/manifests/latest"

    private var manifest: SampleManifest { image.manifest }

    private func registry(_ freshness: FreshnessPolicy = FreshnessPolicy()) -> RegistryUnderTest {
        let registry = RegistryUnderTest(freshness: freshness, time: clock)
        registry.upstream.add(manifest, "latest")
        return registry
    }

    @Test(arguments: ["GET", "HEAD"])
    func aTagServedWithoutAskingSaysItsAgeInWholeSeconds(method: String) async {
        let registry = registry(FreshnessPolicy(maxAge: .seconds(60)))
        _ = await registry.ask("GET", byTag)
        clock.advance(by: .milliseconds(41_900))
        let answer = await registry.ask(method, byTag)
        #expect(answer[.age] == "41" && answer[.warning] == nil)
        #expect(answer.note("cache") == .string("hit"))
        let same = await registry.ask(method, byTag, [.ifNoneMatch: "\"\(manifest.digest)\""])
        #expect(same.status == .notModified && same[.age] == "41")
    }

    @Test(arguments: ["GET", "HEAD"])
    func aTagServedStaleSaysItsAgeAndWhy(method: String) async {
        let registry = registry()
        _ = await registry.ask("GET", byTag)
        await registry.pullBlobs(of: image)
        registry.upstream.fail(with: UpstreamError(.unavailable, "no route"))
        clock.advance(by: .seconds(3_600))
        let answer = await registry.ask(method, byTag)
        #expect(answer.status == .ok && answer[.age] == "3600")
        #expect(answer[.warning] == "299 - \"this may not be current: no route\"")
    }

    @Test(arguments: ["GET", "HEAD"])
    func aTagServedStaleWhileItIsAskedForSaysSo(method: String) async {
        let registry = registry(FreshnessPolicy(staleWhileRevalidate: .seconds(60)))
        _ = await registry.ask("GET", byTag)
        clock.advance(by: .seconds(30))
        let answer = await registry.ask(method, byTag)
        #expect(answer.status == .ok && answer[.age] == "30")
        #expect(
            answer[.warning]
                == "299 - \"this may not be current: upstream is being asked behind this answer\"")
    }

    @Test func whatWasAskedForOrHasADigestSaysNoAge() async {
        let registry = registry()
        #expect(await registry.ask("GET", byTag)[.age] == nil)
        clock.advance(by: .seconds(10))
        let answer = await registry.ask("GET", byTag)
        #expect(answer[.age] == nil && answer.note("cache") == .string("revalidated"))
        let target = "/v2/library/a/manifests/\(manifest.digest)"
        #expect(await registry.ask("GET", target)[.age] == nil)
    }
}
