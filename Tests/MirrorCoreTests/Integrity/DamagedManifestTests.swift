import MirrorCore
import MirrorTesting
import Testing

/// Manifests whose bytes on disk are not what was stored.
@Suite struct DamagedManifestTests {
    private let image = SampleImage(seed: 73)
    private let test = IntegrityUnderTest()

    init() {
        test.upstream.add(image, to: .app, tag: .latest)
    }

    private var digest: Digest { image.manifest.digest }

    private func held() async throws -> IntegrityUnderTest {
        _ = try await test.mirror.manifest(.tag(.latest), in: .app)
        return await test.restarted()
    }

    @Test(arguments: ["{}", "", "not JSON"])
    func areSetAsideAndFetchedAgain(_ text: String) async throws {
        let next = try await held()
        try await next.spoil(digest, Array(text.utf8))
        let answer = try await next.mirror.manifest(.digest(digest), in: .app)
        #expect(answer.status == .miss && answer.content.bytes == image.manifest.bytes)
        #expect(try await next.setAside() == [digest])
        #expect(try await next.storage.bytes(at: .data(digest)) == image.manifest.bytes)
        #expect(next.mirror.integrityReport.damagedCount == 1)
        #expect(next.findings.count == 1)
        #expect(next.findings.first?.text("repository") == RepositoryName.app.text)
    }

    @Test func areToldOfWithTheDigestThatTheyHave() async throws {
        let next = try await held()
        try await next.spoil(digest, [1])
        _ = try await next.mirror.manifest(.tag(.latest), in: .app)
        #expect(next.findings.first?.text("digest") == digest.text)
        #expect(next.findings.first?.text("found") == Digest(of: [1]).text)
    }

    @Test func thatCannotBeReadAreFetchedAgain() async throws {
        let next = try await held()
        next.storage.fail(
            StorageFault(.damaged, on: [.read], below: .data(digest), count: 1))
        let answer = try await next.mirror.manifest(.digest(digest), in: .app)
        #expect(answer.status == .miss && answer.content.bytes == image.manifest.bytes)
        #expect(try await next.setAside() == [digest])
    }

    @Test func thatAreRightAndNoManifestsAreNoDamage() async throws {
        let blob = SampleBlob("not JSON at all")
        test.upstream.add(blob, to: .app)
        _ = try await test.pull(blob)
        let link = "library/app/_manifests/revisions/sha256/\(blob.digest.hex)/link"
        try await test.storage.put(
            Array(blob.digest.text.utf8), at: .made("docker/registry/v2/repositories/\(link)"))
        let error = await test.test.error {
            _ = try await test.mirror.manifest(.digest(blob.digest), in: .app)
        }
        #expect(error?.code == .notFound)
        #expect(test.findings.isEmpty)
    }
}
