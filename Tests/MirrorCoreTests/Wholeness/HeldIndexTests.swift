import MirrorCore
import MirrorTesting
import Testing

/// What else than an image of plain blobs is served from what is held, while upstream is down.
@Suite struct HeldIndexTests {
    private let index = SampleIndex(seed: 61)
    private let test = MirrorUnderTest()

    init() {
        test.upstream.add(index, to: .app, tag: .latest)
    }

    private var byDigest: Reference { .digest(index.manifest.digest) }

    private func goDown() async {
        await test.mirror.stop()
        test.upstream.fallSilent()
        test.upstream.fail(with: UpstreamError(.unavailable, "down"))
    }

    private func error(_ reference: Reference) async -> MirrorError? {
        await test.error { _ = try await test.manifest(reference) }
    }

    /// Keeps a manifest of these bytes that is held alone.
    private func hold(_ text: String, _ type: MediaType = .ociManifest) async throws -> Digest {
        let manifest = SampleManifest(bytes: Array(text.utf8), mediaType: type)
        test.upstream.add(manifest, to: .app)
        _ = try await test.manifest(.digest(manifest.digest))
        return manifest.digest
    }

    // MARK: Indexes

    @Test func anIndexIsServedWithOneOfItsImagesHeld() async throws {
        let image = index.images[1]
        _ = try await test.manifest(.tag(.latest))
        _ = try await test.manifest(.digest(image.manifest.digest))
        try await test.pullBlobs(of: image)
        await goDown()
        #expect(try await test.manifest(.tag(.latest)).status == .stale)
        #expect(try await test.manifest(byDigest).status == .hit)
        #expect(try await test.manifest(.digest(image.manifest.digest)).status == .hit)
    }

    @Test func anIndexOfWhichNobodyEverWantedAnImageIsServed() async throws {
        _ = try await test.manifest(.tag(.latest))
        await goDown()
        #expect(try await test.manifest(byDigest).status == .hit)
        #expect(try await test.manifest(.tag(.latest)).status == .stale)
    }

    @Test func anIndexIsServedWithAnImageOfWhichNobodyEverWantedABlob() async throws {
        _ = try await test.manifest(.tag(.latest))
        _ = try await test.manifest(.digest(index.images[1].manifest.digest))
        await goDown()
        #expect(try await test.manifest(byDigest).status == .hit)
    }

    @Test func anIndexIsNotServedOnceSomebodyWantedAnImageInVain() async throws {
        _ = try await test.manifest(.tag(.latest))
        await goDown()
        #expect(await error(.digest(index.images[1].manifest.digest))?.code == .unavailable)
        for reference in [byDigest, .tag(.latest)] {
            let error = await error(reference)
            #expect(error?.code == .unavailable)
            let missing = index.images[0].manifest.digest.text
            #expect(error?.reason.contains("not the manifest \(missing)") == true)
        }
    }

    @Test func anIndexIsNotServedWithNoneOfItsImagesWhole() async throws {
        let image = index.images[1]
        _ = try await test.manifest(.tag(.latest))
        _ = try await test.manifest(.digest(image.manifest.digest))
        _ = try await test.read(image.config.digest)
        await goDown()
        let error = await error(byDigest)
        #expect(error?.code == .unavailable)
        #expect(error?.reason.contains("not the blob \(image.layers[0].digest)") == true)
    }

    @Test func anIndexOfNothingHeldIsServedWhenUpstreamIsThere() async throws {
        _ = try await test.manifest(.tag(.latest))
        test.upstream.fail([.manifest], with: UpstreamError(.unavailable, "down"), count: 1)
        #expect(await error(.digest(index.images[1].manifest.digest)) != nil)
        test.upstream.resetCounts()
        test.upstream.fallSilent()
        // As a blob, upstream does not have it: that is an answer.
        #expect(try await test.manifest(byDigest).status == .hit)
        #expect(test.upstream.counts == [.blobInfo: 1])
    }

    @Test func anIndexInAnIndexIsLookedInto() async throws {
        let outer = try await hold(
            #"{"schemaVersion":2,"manifests":[{"digest":"\#(index.manifest.digest)"}]}"#,
            .ociIndex)
        _ = try await test.manifest(byDigest)
        _ = try await test.manifest(.digest(index.images[0].manifest.digest))
        try await test.pullBlobs(of: index.images[0])
        await goDown()
        #expect(try await test.manifest(.digest(outer)).status == .hit)
    }

    @Test func indexesInIndexesAreNotLookedIntoForEver() async throws {
        let blob = SampleBlob("{}")
        var digest = try await hold(
            #"{"schemaVersion":2,"layers":[{"digest":"\#(blob.digest)"}]}"#)
        var all: [Digest] = []
        for _ in 0..<6 {
            let entry = #"{"mediaType":"\#(MediaType.ociIndex)","digest":"\#(digest)"}"#
            digest = try await hold(
                #"{"schemaVersion":2,"manifests":[\#(entry)]}"#, .ociIndex)
            all.append(digest)
        }
        await goDown()
        #expect(await test.error { _ = try await test.read(blob.digest) } != nil)
        var refused: [Digest] = []
        for digest in all where await error(.digest(digest)) != nil { refused.append(digest) }
        #expect(refused == Array(all.prefix(4)))
    }

    // MARK: Layers

    @Test(arguments: [
        "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip",
        "application/vnd.oci.image.layer.nondistributable.v1.tar+gzip",
    ])
    func aLayerThatComesFromElsewhereNeedNotBeHeld(_ type: String) async throws {
        let (config, layer) = (SampleBlob("{}"), SampleBlob(seed: 5, size: 100))
        test.upstream.add(config, to: .app)
        func manifest(_ urls: String) -> String {
            #"{"schemaVersion":2,"config":{"digest":"\#(config.digest)","size":2},"layers":["#
                + #"{"mediaType":"\#(type)","digest":"\#(layer.digest)","size":100\#(urls)}]}"#
        }
        let withPlace = try await hold(manifest(#","urls":["https://example.com/layer"]"#))
        let without = try await hold(manifest(""))
        let withNone = try await hold(manifest(#","urls":[]"#))
        _ = try await test.read(config.digest)
        await goDown()
        #expect(try await test.manifest(.digest(withPlace)).status == .hit)
        for digest in [without, withNone] {
            #expect(await error(.digest(digest))?.code == .unavailable)
        }
    }

    @Test func anOrdinaryLayerHasToBeHeldWhereverElseItIs() async throws {
        let layer = SampleBlob(seed: 5, size: 100)
        let entry = #"{"digest":"\#(layer.digest)","urls":["https://example.com/layer"]}"#
        let digest = try await hold(#"{"schemaVersion":2,"layers":[\#(entry)]}"#)
        await goDown()
        #expect(await test.error { _ = try await test.read(layer.digest) } != nil)
        #expect(await error(.digest(digest))?.code == .unavailable)
    }

    // MARK: Others

    @Test(arguments: ["layers", "blobs", "manifests"])
    func whatAnyOtherManifestListsHasToBeHeld(_ list: String) async throws {
        let blob = SampleBlob(seed: 6, size: 100)
        test.upstream.add(blob, to: .app)
        let text =
            #"{"mediaType":"application/vnd.example.thing+json","\#(list)":["#
            + #"{"mediaType":"application/vnd.example.part","digest":"\#(blob.digest)"}]}"#
        let digest = try await hold(text, MediaType("application/vnd.example.thing+json"))
        test.upstream.fallSilent()
        test.upstream.fail([.blobInfo], with: UpstreamError(.unavailable, "down"))
        #expect(
            await test.error { _ = try await test.mirror.blobInfo(blob.digest, in: .app) } != nil)
        #expect(await error(.digest(digest))?.code == .unavailable)
        _ = try await test.read(blob.digest)
        await goDown()
        #expect(try await test.manifest(.digest(digest)).status == .hit)
    }

    @Test func whatListsNothingIsServed() async throws {
        var digests: [Digest] = []
        for text in [
            #"{"schemaVersion":2,"layers":[]}"#, #"{"schemaVersion":2,"manifests":[]}"#, "{}",
            #"{"schemaVersion":1,"fsLayers":[{"blobSum":"\#(index.manifest.digest)"}]}"#,
        ] {
            digests.append(try await hold(text))
        }
        await goDown()
        for digest in digests { #expect(try await test.manifest(.digest(digest)).status == .hit) }
    }

    // MARK: No upstream

    @Test func withoutAnUpstreamTooOnlyWhatCanBePulledIsServed() async throws {
        let image = index.images[1]
        _ = try await test.manifest(.tag(.latest))
        let other = SampleIndex(seed: 62)
        test.upstream.add(other, to: .app, tag: .stable)
        _ = try await test.manifest(.tag(.stable))
        _ = try await test.manifest(.digest(index.images[0].manifest.digest))
        _ = try await test.read(index.images[0].config.digest)
        _ = try await test.manifest(.digest(other.images[0].manifest.digest))
        _ = try await test.read(other.images[0].config.digest)
        _ = try await test.manifest(.digest(image.manifest.digest))
        try await test.pullBlobs(of: image)
        let alone = RegistryMirror(
            storage: test.storage, upstream: NoUpstream(), freshness: NeverAsking(),
            eviction: KeepingScheduler(), mayDelete: false)
        for reference in [.tag(.latest), byDigest, .digest(image.manifest.digest)] {
            #expect(try await alone.manifest(reference, in: .app).status == .hit)
        }
        for reference in [.tag(.stable), .digest(index.images[0].manifest.digest)] as [Reference] {
            let error = await #expect(throws: MirrorError.self) {
                _ = try await alone.manifest(reference, in: .app)
            }
            #expect(error?.code == .notFound)
            _ = try await alone.manifestDescriptor(reference, in: .app)
        }
    }
}
