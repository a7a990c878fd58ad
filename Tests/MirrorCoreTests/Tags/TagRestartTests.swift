import MirrorCore
import MirrorTesting
import Testing

/// What is known of tags after a restart.
@Suite struct TagRestartTests {
    private let image = SampleImage(seed: 71)
    private let clock = ManualClock()
    private let upstream = ScriptedFetcher()
    private let storage = MemoryDriver()
    private let journal = StorageKey.made("mirrord/tags")
    private let freshness = FreshnessPolicy(
        maxAge: .seconds(600), staleIfError: .seconds(1_200))

    init() {
        upstream.add(image, to: .app, tag: .latest)
    }

    private func makeMirror() -> MirrorUnderTest {
        MirrorUnderTest(upstream: upstream, over: storage, freshness: freshness, clock: clock)
    }

    /// Runs a mirror from start to stop.
    private func run(_ work: (MirrorUnderTest) async throws -> Void) async throws {
        let test = makeMirror()
        test.mirror.start()
        try await work(test)
        await test.mirror.stop()
    }

    private func pull() async throws {
        try await run { test in _ = try await test.manifest(.tag(.latest)) }
        upstream.resetCounts()
    }

    @Test func aTagWithinItsMaximumAgeIsServedWithoutAsking() async throws {
        try await pull()
        clock.advance(by: .seconds(599))
        let test = makeMirror()
        let answer = try await test.manifest(.tag(.latest))
        #expect(answer.status == .hit && answer.age == .seconds(599))
        #expect(upstream.callCount == 0)
        clock.advance(by: .seconds(1))
        #expect(try await test.manifest(.tag(.latest)).status == .revalidated)
    }

    @Test func aTagIsNotServedStaleForLongerThanAllowedAllTogether() async throws {
        try await run { test in try await test.pull(image) }
        upstream.fail(with: UpstreamError(.unavailable, "down"))
        clock.advance(by: .seconds(1_199))
        let answer = try await makeMirror().manifest(.tag(.latest))
        #expect(answer.status == .stale && answer.age == .seconds(1_199))
        clock.advance(by: .seconds(1))
        let test = makeMirror()
        #expect(await test.error { _ = try await test.manifest(.tag(.latest)) } != nil)
    }

    @Test func theLatestOfManyChecksCounts() async throws {
        for _ in 0..<3 {
            clock.advance(by: .seconds(700))
            try await pull()
        }
        clock.advance(by: .seconds(10))
        #expect(try await makeMirror().manifest(.tag(.latest)).age == .seconds(10))
    }

    @Test func checksAreWrittenDownWhileItRuns() async throws {
        let test = makeMirror()
        test.mirror.start()
        // Uses and checks are written by two tasks.
        await clock.untilSleeping(2)
        _ = try await test.manifest(.tag(.latest))
        clock.advance(by: .seconds(30))
        while try await storage.list(journal, after: nil, limit: 1).isEmpty { await Task.yield() }
        // Killed: another mirror starts without this one having stopped.
        upstream.resetCounts()
        #expect(try await makeMirror().manifest(.tag(.latest)).status == .hit)
        #expect(upstream.callCount == 0)
        await test.mirror.stop()
    }

    @Test func checksThatCouldNotBeWrittenDownAreWrittenLater() async throws {
        let test = makeMirror()
        test.storage.fail(StorageFault(.outOfSpace, on: [.put], below: journal))
        test.mirror.start()
        await clock.untilSleeping(2)
        _ = try await test.manifest(.tag(.latest))
        clock.advance(by: .seconds(30))
        await clock.untilSleeping(2)
        #expect(try await storage.list(journal, after: nil, limit: 1).isEmpty)
        test.storage.heal()
        await test.mirror.stop()
        #expect(try await makeMirror().manifest(.tag(.latest)).status == .hit)
    }

    @Test func nothingIsWrittenWhereNothingWasChecked() async throws {
        try await pull()
        let before = try await storage.list(journal, after: nil, limit: 9)
        try await run { test in _ = try await test.manifest(.tag(.latest)) }
        #expect(!before.isEmpty)
        #expect(try await storage.list(journal, after: nil, limit: 9) == before)
    }

    @Test func theJournalDoesNotGrowForEver() async throws {
        for _ in 0..<70 {
            clock.advance(by: .seconds(700))
            try await pull()
        }
        #expect(try await storage.list(journal, after: nil, limit: 99).count < 65)
        #expect(try await makeMirror().manifest(.tag(.latest)).status == .hit)
    }

    @Test func aLostJournalCostsAQuestion() async throws {
        try await pull()
        try await storage.delete(journal)
        #expect(try await makeMirror().manifest(.tag(.latest)).status == .revalidated)
    }

    @Test(arguments: [
        "", "\n\n", "nonsense", "1 2 3 4\n", "-5 sha256:00 library/app latest",
        "99999999999999999999 x y z", "\u{0}\u{1}\n1700000000",
    ])
    func aDamagedJournalCostsAQuestionAtMost(text: String) async throws {
        try await pull()
        let whole = try await storage.list(journal, after: nil, limit: 9)
        for entry in whole {
            try await storage.put(Array(text.utf8), at: journal.child(entry.name))
        }
        let test = makeMirror()
        #expect(try await test.manifest(.tag(.latest)).status == .revalidated)
        try await run { test in _ = try await test.manifest(.tag(.latest)) }
        #expect(try await makeMirror().manifest(.tag(.latest)).status == .hit)
    }

    @Test func whatIsLeftOfADamagedJournalCounts() async throws {
        try await pull()
        try await storage.put(Array("nonsense\n".utf8), at: journal.child("000000000007"))
        #expect(try await makeMirror().manifest(.tag(.latest)).status == .hit)
    }

    @Test func aCheckFromTheFutureDoesNotCount() async throws {
        try await pull()
        clock.advance(by: .seconds(-3_600))
        #expect(try await makeMirror().manifest(.tag(.latest)).status == .revalidated)
    }

    @Test func aTagThatAnotherProcessFollowedIsServedFromWhatThatOneKept() async throws {
        let test = makeMirror()
        _ = try await test.manifest(.tag(.latest))
        let moved = SampleImage(seed: 72)
        upstream.add(moved, to: .app, tag: .latest)
        clock.advance(by: .seconds(700))
        try await makeMirror().pull(moved)
        try await storage.delete(.data(image.manifest.digest))
        try await pushOutOfMemory(test)
        upstream.fail(with: UpstreamError(.unavailable, "down"))
        #expect(try await test.manifest(.tag(.latest)).content.digest == moved.manifest.digest)
    }

    /// Pulls so many manifests that none of those before is left in memory.
    private func pushOutOfMemory(_ test: MirrorUnderTest) async throws {
        for number in 0..<12 {
            let text = "{\"number\":\(number)}" + String(repeating: " ", count: 4_000_000)
            let bytes = Array(text.utf8)
            let digest = Digest(of: bytes)
            upstream.add(
                FetchedManifest(bytes: bytes, mediaType: .ociManifest), as: digest, to: .other)
            _ = try await test.manifest(.digest(digest), in: .other)
        }
    }

    @Test func aTagThatAnotherProgramMovedIsAskedFor() async throws {
        try await pull()
        let moved = SampleImage(seed: 72)
        upstream.add(moved, to: .app, tag: .latest)
        let link = "docker/registry/v2/repositories/library/app/_manifests/tags/latest/current/link"
        try await run { test in _ = try await test.manifest(.digest(moved.manifest.digest)) }
        try await storage.put(Array(moved.manifest.digest.text.utf8), at: .made(link))
        #expect(try await makeMirror().manifest(.tag(.latest)).status == .revalidated)
    }

    @Test func aJournalThatCannotBeReadOrWrittenKeepsNobodyFromPulling() async throws {
        try await pull()
        let test = makeMirror()
        test.storage.fail(StorageFault(.notPermitted, on: [.list, .put], below: journal))
        test.mirror.start()
        #expect(try await test.manifest(.tag(.latest)).status == .revalidated)
        await test.mirror.stop()
        #expect(try await makeMirror().manifest(.tag(.latest)).status == .hit)
    }
}
