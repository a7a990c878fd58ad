import MirrorTesting
import Testing

@testable import MirrorCore

/// What lies in the storage before a mirror first comes to it.
@Suite struct AdoptionTests {
    private static let ttl = ExpiringMirror.ttl
    private static let round = ExpiringMirror.round
    private let image = SampleImage(seed: 71, flavor: .docker)
    private let directory: ReferenceDirectory

    init() throws {
        directory = try ReferenceDirectory()
    }

    @Test func whatTheReferenceFetchedIsServedWithoutUpstream() async throws {
        try directory.add(image, to: .app, tag: "latest")
        let test = ExpiringMirror(over: try directory.driver())
        for started in [false, true] {
            if started { await test.start() }
            #expect(try await test.use(image.manifest) == .hit)
            for blob in image.blobs { #expect(try await test.read(blob) == blob.bytes) }
        }
        #expect(test.upstream.callCount == 0)
        test.upstream.fail(with: UpstreamError(.unavailable, "down"))
        let answer = try await test.mirror.manifest(.tag(.latest), in: .app)
        #expect(answer.status == .stale && answer.content.bytes == image.manifest.bytes)
        #expect(answer.content.mediaType == .dockerManifest)
    }

    @Test func whatIsFoundCountsAsUsedThenAndGoesWithItsFolders() async throws {
        try directory.add(image, to: .app, tag: "latest")
        try directory.add(image, to: .other, tag: "1.0")
        let test = ExpiringMirror(over: try directory.driver())
        let found = try await test.heldPaths()
        await test.start()
        await test.pass(Self.ttl - Self.round)
        #expect(try await test.heldPaths() == found)
        await test.pass(Self.round)
        #expect(try await test.heldPaths() == [])
        #expect(test.log.messages(.error) == [] && test.log.messages(.warning) == [])
    }

    @Test func whatIsFoundStaysAsAWholeImage() async throws {
        let index = SampleIndex(seed: 72)
        for image in index.images { try directory.add(image, to: .app, tag: image.architecture) }
        try directory.add(index.manifest, to: .app)
        let test = ExpiringMirror(over: try directory.driver())
        await test.start()
        let found = try await test.heldPaths()
        await test.pass(Self.ttl / 2)
        try await test.use(index.manifest)
        await test.pass(Self.ttl - Self.round)
        #expect(try await test.heldPaths() == found)
        await test.pass(Self.round)
        #expect(try await test.heldPaths() == [])
    }

    @Test func leftoversAreFoundAndGoToo() async throws {
        let damaged = SampleManifest(bytes: Array("{}".utf8), mediaType: .ociManifest)
        try directory.add(damaged, to: .app)
        try directory.write("{", at: StorageKey.data(damaged.digest).path)
        try directory.link(Digest(of: [1]), in: .app)
        try directory.link(Digest(of: [2], by: .sha512), in: .other)
        let empty = "docker/registry/v2/repositories/team/_layers/sha256/\(Digest(of: [3]).hex)"
        try directory.write("", at: "\(empty)/link")
        let test = ExpiringMirror(over: try directory.driver())
        await test.start()
        #expect(try await test.heldPaths().count == 5)
        await test.pass(Self.ttl)
        let setAside = "mirrord/damaged/"
        #expect(try await test.heldPaths().allSatisfy { $0.hasPrefix(setAside) })
        #expect(try await test.storage.paths(below: .made("mirrord/damaged")).count == 1)
        #expect(
            test.log.messages(.error) == [
                "damaged content was set aside; it is fetched again when it is asked for"
            ])
    }

    @Test func everyPageOfALargeStoreIsFound() async throws {
        let storage = MemoryDriver()
        let store = ContentStore(storage)
        for number in 0..<600 {
            let blob = Digest(of: Array("\(number)".utf8))
            try await store.link(blob: blob, in: .app)
            try await store.link(blob: blob, in: .made("team/r\(number)"))
        }
        let test = ExpiringMirror(over: storage)
        await test.start()
        await test.pass(Self.ttl)
        #expect(try await test.heldPaths() == [])
    }

    // MARK: Before it is complete

    @Test(arguments: [
        "docker/registry/v2/repositories", "docker/registry/v2/repositories/team",
        "docker/registry/v2/repositories/team/other/_manifests",
    ])
    func nothingIsRemovedBeforeEverythingIsFound(path: String) async throws {
        let test = ExpiringMirror()
        try await test.pull(image)
        await test.start()
        let next = await test.restarted()
        // Nobody knows of this yet.
        try await next.pull(image, in: .other)
        let third = next.killed()
        third.storage.fail(StorageFault(.failed, on: [.list], below: .made(path)))
        let held = try await test.heldPaths()
        await third.start()
        await third.pass(Self.ttl * 2)
        #expect(
            third.log.messages(.warning) == [
                "the storage cannot be read through; nothing is removed before it can be",
                "the storage cannot be read through; nothing is removed before it can be",
            ])
        #expect(try await test.heldPaths() == held)
        third.storage.heal()
        await third.pass(Self.round)
        #expect(try await third.heldPaths().allSatisfy { !$0.contains("library/app") })
        #expect(try await third.holds(image))
        await third.pass(Self.ttl)
        #expect(try await third.heldPaths() == [])
    }

    @Test func whatIsKnownIsNotLookedForAgain() async throws {
        try directory.add(image, to: .app, tag: "latest")
        let test = ExpiringMirror(over: try directory.driver())
        await test.start()
        test.storage.resetCounts()
        await test.pass(Self.round)
        // Whether other processes have written something is looked at.
        #expect(Set(test.storage.counts.keys) == [.list])
        let next = await test.restarted()
        await next.start()
        // The journal knows of the manifest: its content is not read again. Beside the journal, the
        // reference's schedule is looked for, and what the tag names.
        #expect(next.storage.counts[.open] == 3)
    }

    @Test func aStopDoesNotWaitForTheRestToBeFound() async throws {
        let store = ContentStore(MemoryDriver())
        for number in 0..<600 {
            try await store.link(blob: Digest(of: Array("\(number)".utf8)), in: .app)
        }
        try await store.link(blob: Digest(of: []), in: .other)
        let adoption = Adoption(
            store: store, time: ManualClock(), logger: .disabled, knows: { _ in false },
            manifest: { _, _ in nil })
        let count = try await withThrowingTaskGroup(of: Int.self) { group in
            group.addTask {
                var count = 0
                try await adoption.run { _ in
                    count += 1
                    unsafe withUnsafeCurrentTask { unsafe $0?.cancel() }
                }
                return count
            }
            return try await group.next() ?? 0
        }
        #expect((1...256).contains(count))
    }
}
