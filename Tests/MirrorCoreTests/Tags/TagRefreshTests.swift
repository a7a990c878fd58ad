import MirrorCore
import MirrorTesting
import Testing

/// What is asked behind the clients' backs, and what clients share.
@Suite(.timeLimit(.minutes(10))) struct TagRefreshTests {
    private let image = SampleImage(seed: 51)
    private let clock = ManualClock()
    private let upstream = ScriptedFetcher()

    init() {
        upstream.add(image, to: .app, tag: .latest)
    }

    private func makeMirror(_ freshness: FreshnessPolicy = FreshnessPolicy()) -> MirrorUnderTest {
        MirrorUnderTest(upstream: upstream, freshness: freshness, clock: clock)
    }

    @Test func manyClientsTogetherAskOnce() async throws {
        let test = makeMirror()
        _ = try await test.manifest(.tag(.latest))
        upstream.resetCounts()
        let checkpoint = Checkpoint()
        upstream.hold(.resolve, at: checkpoint)
        let clients = Clients()
        try await withThrowingTaskGroup(of: [CacheStatus].self) { group in
            for _ in 0..<40 { group.addTask { try await clients.pull(from: test) } }
            while await clients.count < 40 { await Task.yield() }
            checkpoint.open()
            for try await statuses in group { #expect(statuses == [.revalidated, .hit]) }
        }
        #expect(upstream.counts == [.resolve: 1])
    }

    /// Clients that run one at a time: when the last has come, all wait.
    private actor Clients {
        var count = 0

        func pull(from test: MirrorUnderTest) async throws -> [CacheStatus] {
            count += 1
            let answer =
                count.isMultiple(of: 2)
                ? try await test.manifest(.tag(.latest)).status
                : try await test.mirror.manifestDescriptor(.tag(.latest), in: .app).status
            let digest = SampleImage(seed: 51).manifest.digest
            return [answer, try await test.manifest(.digest(digest)).status]
        }
    }

    @Test func aRefreshHasNoClientWaitingForIt() async throws {
        let test = makeMirror(FreshnessPolicy(staleWhileRevalidate: .seconds(60)))
        _ = try await test.manifest(.tag(.latest))
        #expect(upstream.priorities(of: .resolve) == [.live])
        upstream.resetCounts()
        let moved = SampleImage(seed: 52)
        upstream.add(moved, to: .app, tag: .latest)
        let answer = try await test.manifest(.tag(.latest))
        #expect(answer.status == .hit && answer.age == .zero && answer.warning != nil)
        while try await test.manifest(.tag(.latest)).content.digest != moved.manifest.digest {
            await Task.yield()
        }
        #expect(upstream.priorities(of: .resolve).allSatisfy { $0 == .background })
        #expect(upstream.priorities(of: .manifest) == [.background])
    }

    @Test func aClientDoesNotWaitForARefreshThatWaitsForClients() async throws {
        let test = makeMirror(FreshnessPolicy(staleWhileRevalidate: .seconds(60)))
        _ = try await test.manifest(.tag(.latest))
        let checkpoint = Checkpoint()
        upstream.hold(.resolve, at: checkpoint)
        _ = try await test.manifest(.tag(.latest))
        await checkpoint.untilReached()
        upstream.hold(.resolve, at: openCheckpoint())
        clock.advance(by: .seconds(60))
        #expect(try await test.manifest(.tag(.latest)).status == .revalidated)
        checkpoint.open()
    }

    @Test func whatMakesAnImageWholeHasNoClientWaitingForIt() async throws {
        let test = makeMirror()
        _ = try await test.mirror.manifestDescriptor(.tag(.latest), in: .app)
        _ = try await test.read(image.blobs[0].digest)
        while upstream.priorities(of: .manifest).isEmpty { await Task.yield() }
        #expect(upstream.priorities(of: .manifest) == [.background])
        #expect(upstream.priorities(of: .blob) == [.live])
    }

    private func openCheckpoint() -> Checkpoint {
        let checkpoint = Checkpoint()
        checkpoint.open()
        return checkpoint
    }
}
