import MirrorCore
import MirrorTesting
import Testing

/// Tags that upstream does not have.
@Suite struct TagAbsenceTests {
    private let image = SampleImage(seed: 61)
    private let clock = ManualClock()
    private let upstream = ScriptedFetcher()

    init() {
        upstream.add(image, to: .app, tag: .stable)
    }

    private func makeMirror(_ freshness: FreshnessPolicy = FreshnessPolicy()) -> MirrorUnderTest {
        MirrorUnderTest(upstream: upstream, freshness: freshness, clock: clock)
    }

    private func errorCode(_ test: MirrorUnderTest) async -> MirrorError.Code? {
        await test.error { _ = try await test.manifest(.tag(.latest)) }?.code
    }

    @Test func aNewTagIsSeenAtOnceByDefault() async throws {
        let test = makeMirror()
        #expect(await errorCode(test) == .notFound)
        upstream.add(image, to: .app, tag: .latest)
        #expect(try await test.manifest(.tag(.latest)).status == .miss)
    }

    @Test func aTagThatWasNotThereIsNotAskedForAgainForAWhile() async throws {
        let test = makeMirror(FreshnessPolicy(notFoundMaxAge: .seconds(30)))
        #expect(await errorCode(test) == .notFound)
        upstream.add(image, to: .app, tag: .latest)
        clock.advance(by: .seconds(29))
        #expect(await errorCode(test) == .notFound)
        let head = await test.error {
            _ = try await test.mirror.manifestDescriptor(.tag(.latest), in: .app)
        }
        #expect(head?.code == .notFound)
        #expect(upstream.counts == [.resolve: 1])
        #expect(try await test.manifest(.tag(.stable)).status == .miss)
        clock.advance(by: .seconds(1))
        #expect(try await test.manifest(.tag(.latest)).content.digest == image.manifest.digest)
    }

    @Test(arguments: [
        UpstreamError.Code.unavailable, .denied, .rateLimited, .invalid,
    ])
    func onlyWhatUpstreamSaysItDoesNotHaveIsRemembered(code: UpstreamError.Code) async throws {
        let test = makeMirror(FreshnessPolicy(notFoundMaxAge: .seconds(30)))
        upstream.add(image, to: .app, tag: .latest)
        upstream.fail([.resolve], with: UpstreamError(code, "no answer"), count: 1)
        #expect(await errorCode(test) != nil)
        #expect(try await test.manifest(.tag(.latest)).status == .miss)
    }

    @Test func aTagGoneUpstreamIsServedStaleAndAskedForOnceInAWhile() async throws {
        let test = makeMirror(FreshnessPolicy(notFoundMaxAge: .seconds(30)))
        upstream.add(image, to: .app, tag: .latest)
        try await test.pull(image)
        upstream.remove(.latest, from: .app)
        upstream.resetCounts()
        for _ in 0..<3 {
            clock.advance(by: .seconds(5))
            #expect(try await test.manifest(.tag(.latest)).status == .stale)
        }
        #expect(upstream.counts == [.resolve: 1])
    }

    @Test func aTagThatGoesWithUpstreamsStaysGoneWhileUpstreamCannotSay() async throws {
        let test = makeMirror(FreshnessPolicy(keepsGone: false))
        upstream.add(image, to: .app, tag: .latest)
        try await test.pull(image)
        upstream.fail([.resolve], with: UpstreamError(.unavailable, "down"), count: 1)
        #expect(try await test.manifest(.tag(.latest)).status == .stale)
        upstream.remove(.latest, from: .app)
        #expect(await errorCode(test) == .notFound)
        upstream.fail(with: UpstreamError(.unavailable, "down"))
        #expect(await errorCode(test) == .unavailable)
        let page = try? await test.mirror.tags(in: .app)
        #expect(page == nil || page?.content.tags.contains("latest") == false)
        #expect(try await test.manifest(.digest(image.manifest.digest)).status == .hit)
    }

    @Test func aTagThatComesBackUpstreamIsServedAgain() async throws {
        let test = makeMirror(FreshnessPolicy(maxAge: .seconds(60), keepsGone: false))
        upstream.add(image, to: .app, tag: .latest)
        _ = try await test.manifest(.tag(.latest))
        clock.advance(by: .seconds(60))
        upstream.remove(.latest, from: .app)
        #expect(await errorCode(test) == .notFound)
        upstream.add(image, to: .app, tag: .latest)
        #expect(try await test.manifest(.tag(.latest)).status == .miss)
        #expect(try await test.manifest(.tag(.latest)).status == .hit)
    }
}
