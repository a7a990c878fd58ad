import FoundationEssentials
import MirrorCore
import MirrorTesting
import Testing

@testable import MirrorHTTP

/// What clients see of a blob whose file was spoilt.
@Suite(.timeLimit(.minutes(10))) struct DamagedFileTests {
    private let upstream: ScriptedUpstream
    private let folder: TemporaryFolder
    private let image = SampleImage(seed: 5, layerSizes: [300_000])

    init() throws {
        upstream = try ScriptedUpstream()
        upstream.add(image, to: "library/app", tags: "latest")
        folder = try TemporaryFolder()
    }

    private var blob: SampleBlob { image.layers[0] }

    private func mirror() async throws -> ServedMirror {
        try await ServedMirror(
            of: upstream, over: try FileSystemDriver(root: folder.path), clock: ManualClock())
    }

    /// A mirror after a restart, over what another has fetched.
    private func mirrorThatHoldsTheImage() async throws -> ServedMirror {
        let first = try await mirror()
        _ = try await first.ask("GET /v2/library/app/manifests/latest")
        #expect(try await first.pull(blob).receiveRest())
        await first.stop()
        upstream.forgetRequests()
        return try await mirror()
    }

    private func cutFile(to count: Int64) throws {
        let hex = blob.digest.hex
        let path = "docker/registry/v2/blobs/sha256/\(hex.prefix(2))/\(hex)/data"
        try Data(blob.bytes(in: 0..<count)).write(to: URL(filePath: "\(folder.path)/\(path)"))
    }

    @Test(arguments: [0, 1, 299_999] as [Int64])
    func nothingWhenItIsCutShortBeforeItIsOpened(_ count: Int64) async throws {
        let mirror = try await mirrorThatHoldsTheImage()
        try cutFile(to: count)
        _ = try await mirror.ask("GET /v2/library/app/manifests/latest")
        let range = try await mirror.pull(blob, range: "100-200")
        #expect(try await range.receiveRest() && range.status == 206)
        #expect(try await mirror.pull(blob).receiveRest())
        #expect(upstream.count(.get, .blob(blob.digest)) == 1)
        await mirror.stop()
    }

    @Test(arguments: [0, 200_000] as [Int64])
    func aBrokenAnswerWhenItIsCutShortWhileItIsOpenAndThenTheWhole(_ count: Int64) async throws {
        let mirror = try await mirrorThatHoldsTheImage()
        #expect(try await mirror.pull(blob).receiveRest())
        try cutFile(to: count)
        #expect(try await mirror.pull(blob).isCutShort())
        #expect(try await mirror.pull(blob).receiveRest())
        #expect(upstream.count(.get, .blob(blob.digest)) == 1)
        await mirror.stop()
    }
}
