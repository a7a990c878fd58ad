import MirrorCore
import MirrorTesting
import Testing

/// Tags when upstream cannot say what they name.
@Suite struct TagFallbackTests {
    private let image = SampleImage(seed: 31)
    private let clock = ManualClock()
    private let upstream = ScriptedFetcher()

    init() {
        upstream.add(image, to: .app, tag: .latest)
    }

    private func makeMirror(_ freshness: FreshnessPolicy = FreshnessPolicy()) -> MirrorUnderTest {
        MirrorUnderTest(upstream: upstream, freshness: freshness, clock: clock)
    }

    @Test(arguments: [
        UpstreamError.Code.unavailable, .denied, .rateLimited, .invalid, .notFound,
    ])
    func isServedStaleWithAWarning(code: UpstreamError.Code) async throws {
        let test = makeMirror()
        try await test.pull(image)
        upstream.fail(with: UpstreamError(code, "no answer today"))
        let answer = try await test.manifest(.tag(.latest))
        #expect(answer.content.bytes == image.manifest.bytes && answer.status == .stale)
        #expect(answer.warning?.contains("no answer today") == true)
        let head = try await test.mirror.manifestDescriptor(.tag(.latest), in: .app)
        #expect(head.content == image.manifest.descriptor && head.status == .stale)
        #expect(head.warning != nil)
    }

    @Test func isServedByAMirrorThatStartsWithUpstreamDown() async throws {
        let test = makeMirror()
        try await test.pull(image)
        let next = MirrorUnderTest(over: test.storage)
        next.upstream.fail(with: UpstreamError(.unavailable, "down"))
        #expect(try await next.manifest(.tag(.latest)).status == .stale)
    }

    @Test func isNotServedStaleForLongerThanAllowed() async throws {
        let test = makeMirror(FreshnessPolicy(staleIfError: .seconds(100)))
        try await test.pull(image)
        upstream.fail(with: UpstreamError(.unavailable, "down"))
        clock.advance(by: .seconds(99))
        #expect(try await test.manifest(.tag(.latest)).status == .stale)
        clock.advance(by: .seconds(1))
        let error = await test.error { _ = try await test.manifest(.tag(.latest)) }
        #expect(error?.code == .unavailable)
    }

    @Test func isGoneWithUpstreamsWhereThatIsWanted() async throws {
        let test = makeMirror(FreshnessPolicy(keepsGone: false))
        _ = try await test.manifest(.tag(.latest))
        upstream.remove(.latest, from: .app)
        let error = await test.error { _ = try await test.manifest(.tag(.latest)) }
        #expect(error?.code == .notFound)
        #expect(try await test.manifest(.digest(image.manifest.digest)).status == .hit)
    }

    @Test func isServedStaleWhenItMovedToAManifestThatCannotBeHad() async throws {
        let test = makeMirror()
        _ = try await test.manifest(.tag(.latest))
        upstream.add(SampleImage(seed: 32), to: .app, tag: .latest)
        upstream.fail([.manifest], with: UpstreamError(.rateLimited, "too many requests"))
        let answer = try await test.manifest(.tag(.latest))
        #expect(answer.content.digest == image.manifest.digest && answer.status == .stale)
        #expect(answer.warning?.contains("too many requests") == true)
    }

    @Test func isAnErrorWhenNothingIsHeld() async throws {
        let test = makeMirror()
        upstream.fail(with: UpstreamError(.rateLimited, "slow down", retryAfter: .seconds(9)))
        let error = await test.error { _ = try await test.manifest(.tag(.latest)) }
        #expect(error == MirrorError(.rateLimited, "slow down", retryAfter: .seconds(9)))
    }

    @Test func isAnErrorWhenItsManifestIsNotHeldAnyMore() async throws {
        let test = makeMirror()
        _ = try await test.manifest(.tag(.latest))
        try await test.storage.delete(.data(image.manifest.digest))
        let next = MirrorUnderTest(over: test.storage)
        next.upstream.fail(with: UpstreamError(.unavailable, "down"))
        #expect(await next.error { _ = try await next.manifest(.tag(.latest)) } != nil)
    }

    // MARK: Lists

    @Test func tagsAreListedAsUpstreamHasThem() async throws {
        for name in ["a", "b", "c"] { upstream.add(image, to: .app, tag: .made(name)) }
        let test = makeMirror()
        let answer = try await test.mirror.tags(in: .app, limit: 2)
        #expect(answer.content == TagPage(tags: ["a", "b"], next: .behind("b")))
        let rest = try await test.mirror.tags(in: .app, from: .behind("b"), limit: 2)
        #expect(rest.content == TagPage(tags: ["c", "latest"]))
    }

    @Test func tagsThatAreHeldAreListedWhenUpstreamIsDown() async throws {
        let test = makeMirror()
        for name in ["a", "b", "c", "d"] {
            upstream.add(image, to: .app, tag: .made(name))
            if name != "d" { _ = try await test.manifest(.tag(.made(name))) }
        }
        upstream.fail(with: UpstreamError(.unavailable, "down"))
        let first = try await test.mirror.tags(in: .app, limit: 2)
        #expect(first.content == TagPage(tags: ["a", "b"], next: .behind("b")))
        #expect(first.status == .stale && first.warning != nil)
        let rest = try await test.mirror.tags(in: .app, from: .behind("b"))
        #expect(rest.content == TagPage(tags: ["c"]))
    }

    @Test func aListOfNothingHeldIsUpstreamsError() async throws {
        let test = makeMirror()
        upstream.fail(with: UpstreamError(.unavailable, "down"))
        let error = await test.error {
            _ = try await test.mirror.tags(in: .app)
        }
        #expect(error?.code == .unavailable)
    }
}
