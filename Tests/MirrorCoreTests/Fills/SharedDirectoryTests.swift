import MirrorCore
import MirrorTesting
import Testing

/// Two mirrors over one storage, which share nothing else.
@Suite struct SharedDirectoryTests {
    private let blob = SampleBlob(seed: 7, size: 60_000)
    private let upstream = ScriptedFetcher()

    init() {
        upstream.add(blob, to: .app)
        upstream.add(blob, to: .other)
    }

    private func mirror(over storage: any StorageDriver) -> MirrorUnderTest {
        MirrorUnderTest(upstream: upstream, over: storage, clock: SystemTimeSource())
    }

    @Test(arguments: [true, false])
    func fillABlobOnceBetweenThem(inFiles: Bool) async throws {
        let folder = try TemporaryFolder()
        let memory = MemoryDriver()
        func driver() throws -> any StorageDriver {
            inFiles ? try FileSystemDriver(root: folder.path) : memory
        }
        let checkpoint = Checkpoint()
        upstream.script(blob.digest, .holding(at: 25_000, checkpoint))
        let first = mirror(over: try driver())
        let second = mirror(over: try driver())
        let content = try await first.mirror.blob(blob.digest, in: .app).content
        await checkpoint.untilReached()
        // What the first has received is read by the second while it is still arriving.
        let other = try await second.mirror.blob(blob.digest, in: .other).content
        #expect(try await other.bytes(count: 20_000) == blob.bytes(in: 0..<20_000))
        checkpoint.open()
        #expect(try await content.bytes() == blob.bytes)
        #expect(try await other.bytes(from: 20_000) == blob.bytes(in: 20_000..<blob.size))
        await first.mirror.stop()
        await second.mirror.stop()
        #expect(upstream.transfers(of: blob.digest) == [0])
        #expect(try await second.mirror.blob(blob.digest, in: .other).status == .hit)
    }

    @Test func theOtherGoesOnWhereOneWasStopped() async throws {
        let folder = try TemporaryFolder()
        let checkpoint = Checkpoint()
        upstream.script(blob.digest, .holding(at: 25_000, checkpoint))
        let first = mirror(over: try FileSystemDriver(root: folder.path))
        let second = mirror(over: try FileSystemDriver(root: folder.path))
        let content = try await first.mirror.blob(blob.digest, in: .app).content
        await checkpoint.untilReached()
        let other = try await second.mirror.blob(blob.digest, in: .app).content
        #expect(try await other.bytes(count: 20_000) == blob.bytes(in: 0..<20_000))
        await first.mirror.stop()
        withExtendedLifetime(content) {}
        #expect(try await other.bytes(from: 20_000) == blob.bytes(in: 20_000..<blob.size))
        #expect(upstream.transfers(of: blob.digest) == [0, 25_000])
        #expect(upstream.byteCount(of: blob.digest) == blob.size)
    }

    @Test func aBlobThatUpstreamDoesNotGiveToARepositoryIsNotFollowed() async throws {
        let memory = MemoryDriver()
        let checkpoint = Checkpoint()
        upstream.remove(.other)
        upstream.add(SampleBlob("something else"), to: .other)
        upstream.script(blob.digest, .holding(at: 25_000, checkpoint))
        let first = mirror(over: memory)
        let second = mirror(over: memory)
        _ = try await first.mirror.blob(blob.digest, in: .app)
        await checkpoint.untilReached()
        let error = await second.error { _ = try await second.read(blob.digest, in: .other) }
        #expect(error?.code == .notFound)
        checkpoint.open()
    }
}
