import MirrorCore
import MirrorTesting
import Testing

@testable import MirrorHTTP

/// An upstream that sends other bytes than the digest names.
@Suite(.timeLimit(.minutes(10))) struct WrongBytesTests {
    private let upstream: ScriptedUpstream
    private let blob = SampleBlob(seed: 3, size: 300_000)

    init() throws {
        upstream = try ScriptedUpstream()
        upstream.addBlob(blob)
    }

    /// First, middle and last byte; an answer that ends early and says so.
    static let faults: [UpstreamFault] = [
        .flipBit(at: 0), .flipBit(at: 123_456), .flipBit(at: 299_999), .truncate(to: 200_000),
    ]

    @Test(arguments: StorageUnderTest.allCases, faults)
    func reachNobodyAsAWholeAndAreNotKept(
        _ storage: StorageUnderTest, _ fault: UpstreamFault
    ) async throws {
        let (driver, folder) = try storage.make()
        defer { _ = folder }
        let mirror = try await ServedMirror(of: upstream, over: driver)
        upstream.fail(.blob(blob.digest), with: fault, .once)
        let gate = upstream.holdBlob(blob.digest, at: 100_000)
        let readers = [try await mirror.pull(blob), try await mirror.pull(blob)]
        // A range that has the last byte is no more to be believed than the whole.
        let range = try await mirror.pull(blob, range: "90000-")
        for reader in readers { try await reader.receiveHead() }
        try await range.receiveHead()
        gate.release()
        for reader in readers + [range] { #expect(try await reader.isCutShort()) }
        #expect(upstream.count(.blob(blob.digest)) == 1)

        let next = try await mirror.pull(blob)
        #expect(try await next.receiveRest())
        #expect(upstream.requests(.blob(blob.digest)).map { $0.field("Range") } == [nil, nil])
        #expect(upstream.requests(.blob(blob.digest)).last?.bodyBytesSent == blob.size)
    }

    /// Nothing of an empty body can be held back: its length alone makes it seem whole.
    @Test func anEmptyAnswerIsNoBlob() async throws {
        let mirror = try await ServedMirror(of: upstream)
        upstream.fail(.blob(blob.digest), with: .truncate(to: 0))
        #expect(try await mirror.ask("GET \(ServedMirror.path(of: blob))").status == 503)
        let range = try await mirror.ask("GET \(ServedMirror.path(of: blob))", "Range: bytes=0-9")
        #expect(range.status == 503)
        upstream.heal()
        #expect(try await mirror.pull(blob).receiveRest())
    }

    @Test func neverBecomeAManifestEither() async throws {
        let image = SampleImage(seed: 4)
        upstream.add(image, to: "library/app", tags: "latest")
        let mirror = try await ServedMirror(of: upstream)
        let digest = image.manifest.digest
        upstream.fail(.manifest().with(method: .get), with: .flipBit(at: 20), .times(2))
        for reference in ["latest", digest.text] {
            let answer = try await mirror.ask("GET /v2/library/app/manifests/\(reference)")
            #expect(answer.status == 502)
        }
        let next = try await mirror.ask("GET /v2/library/app/manifests/latest")
        #expect(next.body == image.manifest.bytes)
    }
}
