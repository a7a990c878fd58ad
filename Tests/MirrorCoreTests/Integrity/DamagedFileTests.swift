import FoundationEssentials
import MirrorCore
import MirrorTesting
import Testing

/// Files that another program spoils while they are open.
@Suite struct DamagedFileTests {
    private let folder: TemporaryFolder
    private let test: IntegrityUnderTest
    private let blob = SampleBlob(seed: 72, size: 200_000)

    init() throws {
        folder = try TemporaryFolder()
        test = IntegrityUnderTest(over: try FileSystemDriver(root: folder.path))
        test.upstream.add(blob, to: .app)
    }

    private func cut(to count: Int64) throws {
        let path = "\(folder.path)/\(StorageKey.data(blob.digest).path)"
        try Data(blob.bytes(in: 0..<count)).write(to: URL(filePath: path))
    }

    @Test func cutShortIsFoundByWhoeverCannotSendIt() async throws {
        _ = try await test.pull(blob)
        await test.mirror.stop()
        let content = try await test.mirror.blob(blob.digest, in: .app).content
        try cut(to: 100_000)
        // The region is still promised; it is the transport that meets the end.
        await content.didFail(toSend: 0..<100_000)
        #expect(test.findings.isEmpty)
        await content.didFail(toSend: 0..<200_000)
        #expect(test.findings.count == 1)
        let error = await test.test.error { _ = try await content.bytes() }
        #expect(error?.code == .unavailable)
        #expect(try await test.pull(blob) == (.miss, true))
    }

    @Test func cutShortWhileAClientReadsAlongWithItsFill() async throws {
        let content = try await test.mirror.blob(blob.digest, in: .app).content
        #expect(try await content.bytes() == blob.bytes)
        await test.mirror.stop()
        try cut(to: 100_000)
        await content.didFail(toSend: 50_000..<150_000)
        #expect(test.findings.count == 1)
        #expect(await test.test.error { _ = try await content.bytes(from: 50_000) } != nil)
        #expect(try await test.pull(blob) == (.miss, true))
    }
}
