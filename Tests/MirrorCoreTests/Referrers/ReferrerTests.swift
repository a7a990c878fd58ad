import MirrorTesting
import Testing

@testable import MirrorCore

@Suite struct ReferrerTests {
    private let subject = Digest(of: [1])
    private let index = FetchedManifest(
        bytes: Array(#"{"schemaVersion":2,"manifests":[{"artifactType":"a/b"}]}"#.utf8),
        mediaType: .ociIndex)
    private let clock = ManualClock()
    private let upstream = ScriptedFetcher()
    private let down = UpstreamError(.unavailable, "down")

    private func makeMirror(
        _ freshness: FreshnessPolicy = FreshnessPolicy(),
        over storage: any StorageDriver = MemoryDriver()
    ) -> MirrorUnderTest {
        MirrorUnderTest(upstream: upstream, over: storage, freshness: freshness, clock: clock)
    }

    private func referrers(
        _ test: MirrorUnderTest, _ artifactType: String? = nil
    ) async throws -> Answer<ReferrerPage> {
        try await test.mirror.referrers(to: subject, in: .app, artifactType: artifactType)
    }

    private func errorCode(_ test: MirrorUnderTest) async -> MirrorError.Code? {
        await test.error { _ = try await referrers(test) }?.code
    }

    /// The tag that stands for the list.
    private var tag: MirrorCore.Tag { .made("sha256-\(subject.hex)") }

    private func addByTag(_ index: FetchedManifest) {
        upstream.add(index, as: Digest(of: index.bytes), to: .app, tag: tag)
    }

    // MARK: From upstream

    @Test func arePassedOnByteForByte() async throws {
        upstream.add(referrers: index, of: subject, to: .app)
        let answer = try await referrers(makeMirror())
        #expect(answer.content.index == index)
        #expect(answer.status == .miss)
    }

    @Test func areAskedForEachTimeByDefault() async throws {
        let test = makeMirror()
        #expect(try await referrers(test).content == .empty)
        upstream.add(referrers: index, of: subject, to: .app)
        #expect(try await referrers(test).content.index == index)
    }

    @Test func areNotAskedForAgainForAWhileWhereThereWereNone() async throws {
        let test = makeMirror(FreshnessPolicy(notFoundMaxAge: .seconds(30)))
        #expect(try await referrers(test).content == .empty)
        upstream.add(referrers: index, of: subject, to: .app)
        clock.advance(by: .seconds(29))
        #expect(try await referrers(test).content == .empty)
        #expect(upstream.counts == [.referrers: 1, .resolve: 1])
        clock.advance(by: .seconds(1))
        #expect(try await referrers(test).content.index == index)
    }

    @Test func ofOneTypeAreFilteredAndTheRestIsKeptAsItIs() async throws {
        let text = """
            {"annotations":{"n":1.5,"t":true,"z":null},\
            "manifests":[{"artifactType":"a/b","size":9}],"schemaVersion":2}
            """
        let index = FetchedManifest(
            bytes: Array(text.replacing("[{", with: #"[{"x":1},{"artifactType":"a"},{"#).utf8),
            mediaType: .ociIndex)
        upstream.add(referrers: index, of: subject, to: .app)
        let page = try await referrers(makeMirror(), "a/b").content
        #expect(String(decoding: page.index.bytes, as: UTF8.self) == text)
        #expect(page.index.mediaType == .ociIndex)
    }

    @Test(arguments: ["", "[]", "{", "1"])
    func ofOneTypeCannotBeFoundInWhatIsNoIndex(_ text: String) async throws {
        let test = makeMirror()
        upstream.add(
            referrers: FetchedManifest(bytes: Array(text.utf8), mediaType: .ociIndex), of: subject,
            to: .app)
        #expect(await test.error { _ = try await referrers(test, "a/b") }?.code == .invalid)
    }

    // MARK: By the tag

    @Test func areThoseThatTheTagNamesWhereUpstreamHasNoAPI() async throws {
        addByTag(index)
        let test = makeMirror()
        #expect(try await referrers(test).content.index == index)
        #expect(try await referrers(test, "other").content.index.bytes.count < index.bytes.count)
    }

    @Test func areThoseThatTheTagNamesWhereUpstreamAnswersWithAnotherThing() async throws {
        let page = FetchedManifest(bytes: Array("<p>Hello".utf8), mediaType: MediaType("text/html"))
        upstream.add(referrers: page, of: subject, to: .app)
        addByTag(index)
        #expect(try await referrers(makeMirror()).content.index == index)
    }

    @Test func areNoneWhereTheTagNamesNoIndex() async throws {
        addByTag(FetchedManifest(bytes: Array("{}".utf8), mediaType: .ociManifest))
        #expect(try await referrers(makeMirror()).content == .empty)
    }

    @Test func ofALongDigestHaveATagThatFits() {
        let digest = Digest(of: [1], by: .sha512)
        let question = ReferrerQuestion(subject: digest, repository: .app)
        #expect(question.tag.text == "sha512-\(digest.hex.prefix(64))")
    }

    // MARK: When upstream cannot say

    @Test(arguments: [
        (UpstreamError.Code.unavailable, MirrorError.Code.unavailable), (.denied, .denied),
        (.rateLimited, .rateLimited),
    ])
    func areAnErrorWhereNoneWereHeard(
        code: UpstreamError.Code, expected: MirrorError.Code
    ) async throws {
        let test = makeMirror(FreshnessPolicy(notFoundMaxAge: .seconds(30)))
        upstream.add(referrers: index, of: subject, to: .app)
        upstream.fail(with: UpstreamError(code, "no answer"), count: 1)
        #expect(await errorCode(test) == expected)
        #expect(try await referrers(test).content.index == index)
    }

    @Test(arguments: [false, true])
    func areWhatTheyWereAfterARestartToo(byTag: Bool) async throws {
        if byTag { addByTag(index) } else { upstream.add(referrers: index, of: subject, to: .app) }
        let test = makeMirror()
        _ = try await referrers(test)
        clock.advance(by: .seconds(60))
        upstream.fail(with: down)
        let next = makeMirror(over: test.storage)
        let answer = try await referrers(next)
        #expect(answer.content.index == index && answer.status == .stale)
        #expect(answer.age == .seconds(60) && answer.warning?.contains("down") == true)
        #expect(try await referrers(next, "x").content.index.bytes.count < index.bytes.count)
    }

    @Test func areNoneWhereThereWereNone() async throws {
        let test = makeMirror()
        _ = try await referrers(test)
        upstream.fail(with: down)
        let answer = try await referrers(test)
        #expect(answer.content == .empty && answer.status == .stale)
    }

    @Test func areForgottenAfterTheTimeThatStaleTagsAre() async throws {
        let test = makeMirror(FreshnessPolicy(staleIfError: .seconds(60)))
        upstream.add(referrers: index, of: subject, to: .app)
        _ = try await referrers(test)
        upstream.fail(with: down)
        clock.advance(by: .seconds(59))
        #expect(try await referrers(test).status == .stale)
        clock.advance(by: .seconds(1))
        #expect(await errorCode(test) == .unavailable)
    }

    @Test func areWrittenOnceWhileTheyStayTheSame() async throws {
        let test = makeMirror()
        upstream.add(referrers: index, of: subject, to: .app)
        for _ in 0..<3 { _ = try await referrers(test) }
        #expect(test.storage.counts[.put] == 1)
        clock.advance(by: .seconds(300))
        _ = try await referrers(test)
        #expect(test.storage.counts[.put] == 2)
        upstream.add(
            referrers: FetchedManifest(bytes: Array("{}".utf8), mediaType: .ociIndex), of: subject,
            to: .app)
        _ = try await referrers(test)
        #expect(test.storage.counts[.put] == 3)
    }

    @Test func thatAreTooLongAreNotKept() async throws {
        let bytes = [UInt8](repeating: 0x20, count: ContentStore.referrersByteLimit + 1)
        upstream.add(
            referrers: FetchedManifest(bytes: bytes, mediaType: .ociIndex), of: subject, to: .app)
        let test = makeMirror()
        #expect(try await referrers(test).content.index.bytes.count == bytes.count)
        #expect(test.storage.counts[.put] == nil)
    }

    @Test func ofAnotherManifestInTheSamePlaceAreNotTakenForThese() async throws {
        let test = makeMirror()
        upstream.add(referrers: index, of: subject, to: .app)
        _ = try await referrers(test)
        let question = ReferrerQuestion(subject: subject, repository: .app)
        let other = ReferrerQuestion(subject: Digest(of: [2]), repository: .app)
        try await test.storage.move(
            RegistryLayout.referrers(question), to: RegistryLayout.referrers(other))
        #expect(try await ContentStore(test.storage).referrers(other) == nil)
    }

    @Test func areServedEvenWhereTheyCannotBeKept() async throws {
        let test = makeMirror()
        upstream.add(referrers: index, of: subject, to: .app)
        test.storage.fail(StorageFault(.failed, on: [.put]))
        #expect(try await referrers(test).content.index == index)
    }

    @Test func keepWhereTheListGoesOn() throws {
        let question = ReferrerQuestion(subject: subject, repository: .app)
        let page = ReferrerPage(index: index, next: .link("a=1&b=2"))
        let held = HeldReferrers(page, to: question, at: .seconds(7))
        #expect(try #require(HeldReferrers(file: held.file)) == held && held.page == page)
        for text in ["", "x", "1 2 3 4\n", "7 \(subject) library/app\n"] {
            #expect(HeldReferrers(file: Array(text.utf8)) == nil)
        }
    }
}
