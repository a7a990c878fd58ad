import MirrorTesting
import Testing

@testable import MirrorCore

/// Which tags lead to a manifest.
@Suite struct TagIndexTests {
    private let index = TagIndex()
    private let image = SampleImage(seed: 75)
    private let other = SampleImage(seed: 76)

    private func item(_ image: SampleImage, in name: RepositoryName = .app) -> CachedItem {
        CachedItem(.manifest, image.manifest.digest, in: name)
    }

    private func name(_ tag: MirrorCore.Tag, in name: RepositoryName = .app) -> TagName {
        TagName(repository: name, tag: tag)
    }

    @Test func areThoseOfItsRepositoryThatNameOrHaveNamedIt() {
        index.didName(name(.latest), image.manifest.digest)
        index.didName(name(.stable), image.manifest.digest)
        index.didName(name(.stable), other.manifest.digest)
        index.didName(name(.latest, in: .other), image.manifest.digest)
        #expect(index.tags(leadingTo: item(image)) == [.latest, .stable])
        #expect(index.tags(leadingTo: item(other)) == [.stable])
        #expect(index.tags(leadingTo: item(image, in: .other)) == [.latest])
        #expect(index.tags(leadingTo: item(other, in: .other)) == [])
        let blob = CachedItem(.blob, image.manifest.digest, in: .app)
        #expect(index.tags(leadingTo: blob) == [])
        #expect(index.take(blob) == [])
    }

    @Test func areTakenOnceUnlessTheyArePutBack() {
        index.didName(name(.latest), image.manifest.digest)
        let tags = index.take(item(image))
        #expect(tags == [.latest])
        #expect(index.take(item(image)) == [])
        index.putBack(tags, leadingTo: item(image))
        #expect(index.tags(leadingTo: item(image)) == [.latest])
    }

    @Test func areLearntFromAStoreThatOtherProgramsWroteTo() async throws {
        let store = ContentStore(MemoryDriver())
        for (image, tags) in [(image, [MirrorCore.Tag.latest, .stable]), (other, [.stable])] {
            let manifest = try #require(
                Manifest(
                    bytes: image.manifest.bytes, digest: image.manifest.digest, statedType: nil))
            try await store.put(manifest, in: .app)
            for tag in tags { try await store.set(tag, to: manifest.digest, in: .app) }
        }
        try await index.learn(from: store)
        #expect(index.tags(leadingTo: item(image)) == [.latest, .stable])
        #expect(index.tags(leadingTo: item(other)) == [.stable])
    }
}
