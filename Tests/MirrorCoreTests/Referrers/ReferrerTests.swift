import MirrorCore
import MirrorTesting
import Testing

@Suite struct ReferrerTests {
    private let subject = Digest(of: [1])
    private let index = FetchedManifest(bytes: Array("{}".utf8), mediaType: .ociIndex)
    private let clock = ManualClock()
    private let upstream = ScriptedFetcher()

    private func makeMirror(_ freshness: FreshnessPolicy = FreshnessPolicy()) -> MirrorUnderTest {
        MirrorUnderTest(upstream: upstream, freshness: freshness, clock: clock)
    }

    private func referrers(_ test: MirrorUnderTest) async throws -> Answer<FetchedManifest> {
        try await test.mirror.referrers(to: subject, in: .app, artifactType: nil)
    }

    private func errorCode(_ test: MirrorUnderTest) async -> MirrorError.Code? {
        await test.error { _ = try await referrers(test) }?.code
    }

    @Test func arePassedOnByteForByte() async throws {
        upstream.add(referrers: index, of: subject, to: .app)
        let answer = try await referrers(makeMirror())
        #expect(answer.content.bytes == index.bytes && answer.content.mediaType == .ociIndex)
        #expect(answer.status == .miss)
    }

    @Test func areAskedForEachTimeByDefault() async throws {
        let test = makeMirror()
        #expect(await errorCode(test) == .notFound)
        upstream.add(referrers: index, of: subject, to: .app)
        #expect(try await referrers(test).content.bytes == index.bytes)
    }

    @Test func areNotAskedForAgainForAWhileWhereThereWereNone() async throws {
        let test = makeMirror(FreshnessPolicy(notFoundMaxAge: .seconds(30)))
        #expect(await errorCode(test) == .notFound)
        upstream.add(referrers: index, of: subject, to: .app)
        clock.advance(by: .seconds(29))
        #expect(await errorCode(test) == .notFound)
        #expect(upstream.counts == [.referrers: 1])
        clock.advance(by: .seconds(1))
        #expect(try await referrers(test).content.bytes == index.bytes)
    }

    @Test func areNotFoundWhereUpstreamAnswersWithAnotherThing() async throws {
        let page = FetchedManifest(bytes: Array("<p>Hello".utf8), mediaType: MediaType("text/html"))
        upstream.add(referrers: page, of: subject, to: .app)
        #expect(await errorCode(makeMirror()) == .notFound)
    }

    @Test(arguments: [
        (UpstreamError.Code.unavailable, MirrorError.Code.unavailable), (.denied, .denied),
        (.rateLimited, .rateLimited),
    ])
    func areAnErrorWhereUpstreamCannotSay(
        code: UpstreamError.Code, expected: MirrorError.Code
    ) async throws {
        let test = makeMirror(FreshnessPolicy(notFoundMaxAge: .seconds(30)))
        upstream.add(referrers: index, of: subject, to: .app)
        upstream.fail(with: UpstreamError(code, "no answer"), count: 1)
        #expect(await errorCode(test) == expected)
        #expect(try await referrers(test).content.bytes == index.bytes)
    }
}
