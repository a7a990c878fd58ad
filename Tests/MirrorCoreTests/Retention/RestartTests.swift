import MirrorCore
import MirrorTesting
import Testing

/// What the next process knows of uses.
@Suite struct RestartTests {
    private static let ttl = ExpiringMirror.ttl
    private static let round = ExpiringMirror.round
    private let image = SampleImage(seed: 51)
    private let test = ExpiringMirror()

    /// Expects that the image goes exactly when `rest` has passed.
    private func expectEnd(
        after rest: Duration, in test: ExpiringMirror,
        at location: SourceLocation = #_sourceLocation
    ) async throws {
        await test.pass(rest - Self.round)
        #expect(try await test.holds(image), sourceLocation: location)
        await test.pass(Self.round)
        #expect(try await test.heldPaths() == [], sourceLocation: location)
    }

    @Test func aStopWritesDownTheLastUses() async throws {
        try await test.pull(image)
        await test.start()
        await test.pass(Self.ttl / 2)
        try await test.use(image.manifest)
        let next = await test.restarted(after: Self.ttl / 4)
        await next.start()
        try await expectEnd(after: Self.ttl * 3 / 4, in: next)
    }

    @Test func whatIsNotUsedIsNoYoungerAfterManyRestarts() async throws {
        try await test.pull(image)
        await test.start()
        var next = test
        for _ in 0..<3 {
            next = await next.restarted(after: Self.ttl / 4)
            await next.start()
        }
        try await expectEnd(after: Self.ttl / 4, in: next)
    }

    @Test func whatExpiredWhileNothingRanGoesAtTheStart() async throws {
        try await test.pull(image)
        await test.start()
        let next = await test.restarted(after: Self.ttl)
        await next.start()
        #expect(try await next.heldPaths() == [])
    }

    @Test func aKilledProcessHasWrittenDownAllButTheLastHalfMinute() async throws {
        try await test.pull(image)
        await test.start()
        await test.pass(Self.ttl / 2)
        try await test.use(image.manifest)
        await test.pass(Self.round)
        let next = test.killed()
        await next.start()
        try await expectEnd(after: Self.ttl - Self.round, in: next)
    }

    @Test func whatWasRemovedIsNotKnownAnyMore() async throws {
        try await test.pull(image)
        await test.start()
        await test.pass(Self.ttl)
        let next = await test.restarted()
        await next.start()
        await next.pass(Self.ttl)
        #expect(next.log.records.isEmpty)
        #expect(try await next.heldPaths() == [])
    }

    @Test func whatWasRemovedAndFetchedAgainLastsAgain() async throws {
        try await test.pull(image)
        await test.start()
        await test.pass(Self.ttl)
        try await test.pull(image)
        await test.start()
        let next = await test.restarted(after: Self.ttl / 2)
        await next.start()
        try await expectEnd(after: Self.ttl / 2, in: next)
    }

    // MARK: The journal

    @Test func nothingIsWrittenWhenNothingWasUsed() async throws {
        try await test.pull(image)
        await test.start()
        let segments = try await test.segments()
        test.storage.resetCounts()
        for _ in 0..<10 { await test.pass(Self.round) }
        // Whether other processes have written something is looked at.
        #expect(Set(test.storage.counts.keys) == [.list])
        #expect(try await test.segments() == segments && segments.count == 1)
    }

    @Test func manyUsesAreWrittenDownTogether() async throws {
        try await test.pull(image)
        await test.start()
        await test.pass(.seconds(60))
        let segments = try await test.segments()
        test.storage.resetCounts()
        for _ in 0..<50 {
            try await test.use(image.manifest)
            for blob in image.blobs { _ = try await test.read(blob) }
        }
        #expect(Set(test.storage.counts.keys).isSubset(of: [.open, .read, .region, .stat]))
        await test.pass(Self.round)
        #expect(test.storage.counts[.put] == 1)
        #expect(try await test.segments().count == segments.count + 1)
    }

    @Test func theJournalIsPackedBeforeItHasManySegments() async throws {
        try await test.pull(image)
        await test.start()
        var counts: [Int] = []
        for _ in 0..<70 {
            try await test.use(image.manifest)
            await test.pass(.seconds(60))
            counts.append(try await test.segments().count)
        }
        #expect(counts.max() == 63 && counts.filter { $0 == 1 }.count == 1)
        #expect(counts.last ?? 0 < 10)
        let next = await test.restarted()
        await next.start()
        try await expectEnd(after: Self.ttl - .seconds(60), in: next)
    }

    @Test func aJournalWithDamageIsReadWithoutItAndContentIsKept() async throws {
        try await test.pull(image)
        await test.start()
        let name = try #require(try await test.segments().first)
        let path = "mirrord/uses/\(name)"
        let text = try #require(try await test.storage.text(at: path))
        let damaged = text.split(separator: "\n").map { $0.dropLast(80) }
        try await test.storage.put(Array(damaged.joined(separator: "\n").utf8), at: .made(path))
        let next = test.killed()
        next.clock.advance(by: Self.ttl)
        await next.start()
        #expect(
            next.log.messages(.warning) == [
                "part of the use times is damaged and was left out"
            ])
        #expect(
            next.log.records.first?.fields == [
                LogField("segment", name), LogField("lines", 1 + image.blobs.count),
            ])
        try await expectEnd(after: Self.ttl, in: next)
    }

    @Test func withoutTheJournalEverythingCountsAsUsedWhenItIsFound() async throws {
        try await test.pull(image)
        await test.start()
        try await test.storage.delete(.made("mirrord/uses"))
        let next = test.killed()
        next.clock.advance(by: Self.ttl)
        await next.start()
        #expect(next.log.records.isEmpty)
        try await expectEnd(after: Self.ttl, in: next)
    }
}
