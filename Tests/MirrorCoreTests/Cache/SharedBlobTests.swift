import MirrorCore
import MirrorTesting
import Testing

/// A blob that more than one repository has.
@Suite struct SharedBlobTests {
    private let blob = SampleBlob(seed: 3, size: 30_000)
    private let test = MirrorUnderTest()

    init() {
        test.upstream.add(blob, to: .app)
        test.upstream.add(SampleBlob("something else"), to: .other)
    }

    @Test func isLinkedAndNotFetchedAgainForAnotherRepository() async throws {
        test.upstream.add(blob, to: .other)
        _ = try await test.read(blob.digest)
        await test.mirror.stop()
        test.upstream.resetCounts()
        let answer = try await test.mirror.blob(blob.digest, in: .other)
        #expect(answer.status == .revalidated)
        #expect(try await answer.content.bytes() == blob.bytes)
        #expect(test.upstream.counts == [.blobInfo: 1])
        #expect(try await test.mirror.blob(blob.digest, in: .other).status == .hit)
    }

    @Test func isNotFetchedAgainWhereItCannotBeLinked() async throws {
        test.upstream.add(blob, to: .other)
        _ = try await test.read(blob.digest)
        await test.mirror.stop()
        test.storage.fail(.readOnly)
        #expect(try await test.read(blob.digest, in: .other) == blob.bytes)
        #expect(test.upstream.transfers(of: blob.digest) == [0])
    }

    @Test func isNotGivenToARepositoryWhoseUpstreamDoesNotHaveIt() async throws {
        _ = try await test.read(blob.digest)
        await test.mirror.stop()
        let error = await test.error { _ = try await test.read(blob.digest, in: .other) }
        #expect(error?.code == .notFound)
        let link =
            "docker/registry/v2/repositories/team/other/_layers/sha256/\(blob.digest.hex)/link"
        #expect(try await test.storage.text(at: link) == nil)
    }

    @Test func isNotGivenWhileItArrivesEither() async throws {
        let checkpoint = Checkpoint()
        test.upstream.script(blob.digest, .holding(at: 10_000, checkpoint))
        _ = try await test.mirror.blob(blob.digest, in: .app)
        let error = await test.error { _ = try await test.read(blob.digest, in: .other) }
        #expect(error?.code == .notFound)
        checkpoint.open()
    }

    @Test func isReadByAnotherRepositoryWhileItArrives() async throws {
        test.upstream.add(blob, to: .other)
        let checkpoint = Checkpoint()
        test.upstream.script(blob.digest, .holding(at: 10_000, checkpoint))
        _ = try await test.mirror.blob(blob.digest, in: .app)
        let answer = try await test.mirror.blob(blob.digest, in: .other)
        #expect(answer.status == .coalesced)
        checkpoint.open()
        #expect(try await answer.content.bytes() == blob.bytes)
        await test.mirror.stop()
        #expect(test.upstream.transfers(of: blob.digest) == [0])
        for repository in [RepositoryName.app, .other] {
            #expect(try await test.mirror.blob(blob.digest, in: repository).status == .hit)
        }
    }

    @Test func comesToARepositoryThatHasItThoughTheFirstToAskDoesNot() async throws {
        let checkpoint = Checkpoint()
        test.upstream.hold(.blob, at: checkpoint)
        async let theirs = test.error { _ = try await test.read(blob.digest, in: .other) }
        await checkpoint.untilReached()
        async let mine = test.read(blob.digest)
        while test.upstream.counts[.blobInfo] == nil { await Task.yield() }
        checkpoint.open()
        #expect(await theirs?.code == .notFound)
        #expect(try await mine == blob.bytes)
    }

    @Test func noRepositoryGetsItUnconfirmedHoweverRequestsMeet() async throws {
        for _ in 0..<50 {
            let test = MirrorUnderTest(upstream: test.upstream)
            async let mine = test.read(blob.digest)
            async let theirs = test.error { _ = try await test.read(blob.digest, in: .other) }
            #expect(try await mine == blob.bytes)
            #expect(await theirs?.code == .notFound)
        }
    }

    @Test func everyRepositoryThatJoinedHasItLinkedHoweverRequestsMeet() async throws {
        test.upstream.add(blob, to: .other)
        for _ in 0..<50 {
            let test = MirrorUnderTest(upstream: test.upstream)
            async let mine = test.read(blob.digest)
            async let theirs = test.read(blob.digest, in: .other)
            #expect(try await mine == blob.bytes)
            #expect(try await theirs == blob.bytes)
            await test.mirror.stop()
            for repository in [RepositoryName.app, .other] {
                #expect(try await test.mirror.blob(blob.digest, in: repository).status == .hit)
            }
        }
    }
}
