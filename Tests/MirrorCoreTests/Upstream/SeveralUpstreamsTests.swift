import MirrorCore
import MirrorTesting
import Testing

/// One mirror over one store for two registries.
@Suite struct SeveralUpstreamsTests {
    private let hub = ScriptedFetcher()
    private let ghcr = ScriptedFetcher()
    private let storage = MemoryDriver()
    private let mirror: RegistryMirror
    private let image = SampleImage(seed: 1)
    private let atHub = RepositoryName.made("owner/app")
    private let atGHCR = RepositoryName.made("ghcr.io/owner/app")

    init() {
        mirror = RegistryMirror(
            storage: storage, upstream: UpstreamRouter(main: hub, others: [.made("ghcr.io"): ghcr]),
            eviction: KeepingScheduler(), mayDelete: false, time: ImpatientClock())
    }

    private func error(_ work: () async throws -> Void) async -> MirrorError.Code? {
        do {
            try await work()
            return nil
        } catch {
            return (error as? MirrorError)?.code
        }
    }

    @Test func everyQuestionGoesToTheRegistryOfTheRepositoryByItsNameThere() async throws {
        let blob = image.layers[0]
        ghcr.add(image, to: .made("owner/app"), tag: .latest)
        #expect(
            try await mirror.manifest(.tag(.latest), in: atGHCR).content.digest
                == image.manifest.digest)
        #expect(try await mirror.blobInfo(blob.digest, in: atGHCR).content.size == blob.size)
        #expect(try await mirror.blob(blob.digest, in: atGHCR).content.bytes() == blob.bytes)
        #expect(
            try await mirror.tags(in: atGHCR).content.tags == ["latest"])
        #expect(hub.callCount == 0)
        #expect(ghcr.counts == [.resolve: 1, .manifest: 1, .blobInfo: 1, .blob: 1, .tags: 1])
    }

    /// As it is after the directory of its mirror was laid below the registry's name.
    @Test func whatTheReferenceFetchedFromAnotherRegistryIsServedBelowItsName() async throws {
        let directory = try ReferenceDirectory()
        try directory.add(image, to: atGHCR, tag: "latest")
        let mirror = RegistryMirror(
            storage: try directory.driver(),
            upstream: UpstreamRouter(main: hub, others: [.made("ghcr.io"): ghcr]),
            eviction: KeepingScheduler(), mayDelete: false, time: ImpatientClock())
        let answer = try await mirror.manifest(.digest(image.manifest.digest), in: atGHCR)
        #expect(answer.status == .hit)
        for blob in image.blobs {
            #expect(try await mirror.blob(blob.digest, in: atGHCR).content.bytes() == blob.bytes)
        }
        #expect(hub.callCount + ghcr.callCount == 0)
    }

    @Test func equalNamesOfTwoRegistriesNeverMix() async throws {
        let other = SampleImage(seed: 2)
        hub.add(image, to: .made("owner/app"), tag: .latest)
        ghcr.add(other, to: .made("owner/app"), tag: .latest)
        for _ in 0..<2 {
            #expect(
                try await mirror.manifest(.tag(.latest), in: atHub).content.digest
                    == image.manifest.digest)
            #expect(
                try await mirror.manifest(.tag(.latest), in: atGHCR).content.digest
                    == other.manifest.digest)
        }
        let code = await error {
            _ = try await mirror.manifest(.digest(image.manifest.digest), in: atGHCR)
        }
        #expect(code == .notFound)
        #expect(
            try await mirror.repositories(after: nil, limit: 10).map(\.text) == [
                "ghcr.io/owner/app", "owner/app",
            ])
    }

    @Test func aBlobThatTwoRegistriesHaveIsFetchedAndStoredOnce() async throws {
        let blob = image.layers[0]
        hub.add(image, to: .made("owner/app"))
        ghcr.add(image, to: .made("owner/app"))
        #expect(try await mirror.blob(blob.digest, in: atHub).content.bytes() == blob.bytes)
        await mirror.stop()
        let answer = try await mirror.blob(blob.digest, in: atGHCR)
        #expect(answer.status == .revalidated)
        #expect(try await answer.content.bytes() == blob.bytes)
        #expect(ghcr.counts == [.blobInfo: 1])
        #expect(hub.transfers(of: blob.digest) == [0])
    }

    @Test func aBlobOfOneRegistryIsNotGivenToAnotherThatDoesNotHaveIt() async throws {
        let blob = image.layers[0]
        hub.add(image, to: .made("owner/app"))
        ghcr.add(SampleImage(seed: 2), to: .made("owner/app"))
        _ = try await mirror.blob(blob.digest, in: atHub).content.bytes()
        await mirror.stop()
        hub.resetCounts()
        let code = await error { _ = try await mirror.blob(blob.digest, in: atGHCR) }
        #expect(code == .notFound)
        #expect(ghcr.counts == [.blobInfo: 1])
        #expect(hub.callCount == 0)
    }

    @Test func aBlobOfOneRegistryIsNotGivenToAnotherThatCannotSay() async throws {
        let blob = image.layers[0]
        hub.add(image, to: .made("owner/app"))
        _ = try await mirror.blob(blob.digest, in: atHub).content.bytes()
        await mirror.stop()
        ghcr.fail(with: UpstreamError(.unavailable, "down"))
        let code = await error { _ = try await mirror.blob(blob.digest, in: atGHCR) }
        #expect(code == .unavailable)
    }

    @Test func whileItArrivesABlobIsGivenToAnotherRegistryOnlyWhenThatConfirmsIt() async throws {
        let blob = image.layers[0]
        hub.add(image, to: .made("owner/app"))
        let checkpoint = Checkpoint()
        hub.script(blob.digest, .holding(at: 10, checkpoint))
        let mine = try await mirror.blob(blob.digest, in: atHub)
        let code = await error { _ = try await mirror.blob(blob.digest, in: atGHCR) }
        #expect(code == .notFound)
        ghcr.add(image, to: .made("owner/app"))
        let theirs = try await mirror.blob(blob.digest, in: atGHCR)
        #expect(theirs.status == .coalesced)
        checkpoint.open()
        #expect(try await mine.content.bytes() == blob.bytes)
        #expect(try await theirs.content.bytes() == blob.bytes)
        #expect(ghcr.transfers(of: blob.digest) == [])
    }

    @Test func oneRegistryThatIsDownDoesNotConcernTheOther() async throws {
        ghcr.fail(with: UpstreamError(.unavailable, "down"))
        hub.add(image, to: .made("owner/app"), tag: .latest)
        _ = try await mirror.manifest(.tag(.latest), in: atHub)
        let code = await error { _ = try await mirror.manifest(.tag(.latest), in: atGHCR) }
        #expect(code == .unavailable)
    }

    @Test func theOutlookIsThatOfTheRegistryOfTheRepository() {
        let router = UpstreamRouter(
            main: hub, others: [.made("ghcr.io"): ClosedFetcher(only: .made("owner/app"))])
        #expect(router.outlook(for: atHub) == .clear)
        #expect(router.outlook(for: atGHCR) == .closed)
    }
}

/// An upstream that answers nothing, and says so of one repository.
private struct ClosedFetcher: UpstreamFetcher {
    private let repository: RepositoryName
    private let error = UpstreamError(.unavailable, "closed")

    init(only repository: RepositoryName) { self.repository = repository }

    func resolve(
        _ tag: MirrorCore.Tag, in repository: RepositoryName
    ) async throws(UpstreamError) -> Resolution { throw error }

    func manifest(
        _ reference: Reference, in repository: RepositoryName
    ) async throws(UpstreamError) -> FetchedManifest { throw error }

    func blobInfo(
        _ digest: Digest, in repository: RepositoryName
    ) async throws(UpstreamError) -> BlobInfo { throw error }

    func blob(
        _ digest: Digest, in repository: RepositoryName, from offset: Int64, to end: Int64?,
        ifStill validator: String?
    ) async throws(UpstreamError) -> any BlobDownload { throw error }

    func tags(
        in repository: RepositoryName, from position: ListPosition, limit: Int?
    ) async throws(UpstreamError) -> TagPage { throw error }

    func referrers(
        to digest: Digest, in repository: RepositoryName, from position: ListPosition
    ) async throws(UpstreamError) -> ReferrerPage { throw error }

    func outlook(for repository: RepositoryName) -> UpstreamOutlook {
        repository == self.repository ? .closed : .clear
    }
}
