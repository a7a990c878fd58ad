import FoundationEssentials
import MirrorCore
import MirrorTesting
import Testing

@testable import MirrorHTTP

/// A mirror over what another left that was killed in the middle of a fill.
@Suite(.timeLimit(.minutes(10))) struct KilledMirrorTests {
    private let upstream: ScriptedUpstream
    private let folder: TemporaryFolder
    private let blob = SampleBlob(seed: 11, size: 300_000)

    init() throws {
        upstream = try ScriptedUpstream()
        upstream.addBlob(blob)
        folder = try TemporaryFolder()
    }

    /// Lets a mirror get as far as `byteCount` and copies its directory at that moment: what is
    /// in it is what the kernel would have kept of a process killed then.
    private func killedMirror(at byteCount: Int64) async throws -> String {
        let root = "\(folder.path)/running"
        let mirror = try await ServedMirror(of: upstream, over: try FileSystemDriver(root: root))
        let gate = upstream.holdBlob(blob.digest, at: byteCount, .once)
        let client = try await mirror.pull(blob)
        #expect(try await client.receive(upTo: byteCount))
        let copy = "\(folder.path)/killed"
        try FileManager.default.copyItem(atPath: root, toPath: copy)
        gate.release()
        #expect(try await client.receiveRest())
        await upstream.untilIdle()
        upstream.forgetRequests()
        return copy
    }

    private func mirror(over root: String) async throws -> ServedMirror {
        try await ServedMirror(of: upstream, over: try FileSystemDriver(root: root))
    }

    @Test(arguments: [1, 150_000, 299_999])
    func goesOnFromTheByteReached(_ byteCount: Int64) async throws {
        let root = try await killedMirror(at: byteCount)
        let mirror = try await mirror(over: root)
        #expect(try await mirror.pull(blob).receiveRest())
        let transfers = upstream.requests(.blob(blob.digest).with(method: .get))
        #expect(transfers.map { $0.field("Range") } == ["bytes=\(byteCount)-"])
        #expect(upstream.bytesSent(of: blob.digest) == blob.size - byteCount)
    }

    @Test func goesOnByItselfWhenNobodyAsks() async throws {
        let root = try await killedMirror(at: 150_000)
        let driver = try FileSystemDriver(root: root)
        let mirror = try await ServedMirror(of: upstream, over: driver, clock: ManualClock())
        mirror.start()
        let left = StorageKey.root.child("mirrord").child("fills").child("sha256")
        while try await !driver.listUnfinished(left, after: nil, limit: 1).isEmpty {
            await Task.yield()
        }
        #expect(try await mirror.pull(blob).receiveRest())
        #expect(await mirror.cacheStatuses(of: 1) == ["hit"])
        #expect(upstream.bytesSent(of: blob.digest) == blob.size - 150_000)
        await mirror.stop()
    }

    @Test func keepsWhatWasWholeWithoutATransfer() async throws {
        let root = try await killedMirror(at: blob.size - 1)
        try changeUnfinishedFile(below: root) { $0 += blob.bytes.suffix(1) }
        let mirror = try await mirror(over: root)
        #expect(try await mirror.pull(blob).receiveRest())
        #expect(upstream.count(.get, .blob(blob.digest)) == 0)
    }

    @Test func findsTheEndOfWhatWasWholeWhereUpstreamStatesNoSize() async throws {
        let root = try await killedMirror(at: blob.size - 1)
        try changeUnfinishedFile(below: root) { $0 += blob.bytes.suffix(1) }
        upstream.fail(.blob().with(method: .head), with: .untilClose)
        upstream.fail(.blob().with(method: .get), with: .omitField("Content-Range"), .once)
        let mirror = try await mirror(over: root)
        #expect(try await mirror.ask("GET \(ServedMirror.path(of: blob))").body == blob.bytes)
        let transfers = upstream.requests(.blob(blob.digest).with(method: .get))
        #expect(transfers.map(\.status) == [206, 416])
        #expect(transfers.last?.field("Range") == "bytes=300000-")
    }

    /// A power failure may leave zeros where bytes were not written back yet.
    @Test(arguments: [0..<1, 100_000..<150_000] as [Range<Int>])
    func servesNoneOfItsBytesAsWholeWhereTheDiskLostThem(_ lost: Range<Int>) async throws {
        let root = try await killedMirror(at: 150_000)
        try changeUnfinishedFile(below: root) { bytes in
            bytes.replaceSubrange(lost, with: Data(count: lost.count))
        }
        let mirror = try await mirror(over: root)
        let gate = upstream.holdBlob(blob.digest, at: 200_000, .once)
        let first = try await mirror.pull(blob)
        try await first.receiveHead()
        #expect(first.status == 200)
        gate.release()
        #expect(try await first.isCutShort())
        #expect(try await mirror.pull(blob).receiveRest())
        #expect(upstream.requests(.blob()).last?.bodyBytesSent == blob.size)
    }

    private func changeUnfinishedFile(below root: String, _ change: (inout Data) -> Void) throws {
        let folder = URL(filePath: "\(root)/~mirrord/unfinished")
        let files = try FileManager.default.subpathsOfDirectory(atPath: folder.path)
        let name = try #require(files.first { $0.hasSuffix(blob.digest.hex) })
        let file = folder.appending(path: name)
        var bytes = try Data(contentsOf: file)
        change(&bytes)
        try bytes.write(to: file)
    }
}
