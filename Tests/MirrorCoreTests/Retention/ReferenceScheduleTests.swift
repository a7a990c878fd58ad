import MirrorTesting
import Testing

@testable import MirrorCore

/// A directory that the reference registry filled as a mirror, with its `scheduler-state.json`.
@Suite struct ReferenceScheduleTests {
    private static let ttl = ExpiringMirror.ttl
    private static let round = ExpiringMirror.round
    private static let name = "scheduler-state.json"
    private let image = SampleImage(seed: 73, flavor: .docker)
    private let other = SampleImage(seed: 74, flavor: .docker)
    private let directory: ReferenceDirectory
    /// Files are written by the system's clock.
    private let start = WallTime.now

    init() throws {
        directory = try ReferenceDirectory()
        try directory.add(image, to: .app, tag: "old")
        try directory.add(other, to: .app, tag: "new")
    }

    /// The mirror, a while after the directory was filled.
    private func makeMirror(after pause: Duration) throws -> ExpiringMirror {
        ExpiringMirror(
            over: try directory.driver(), clock: ManualClock(now: start + pause))
    }

    private func schedule(_ image: SampleImage, expiry: WallTime) throws {
        let digests = [(image.manifest.digest, 1)] + image.blobs.map { ($0.digest, 0) }
        let entries = digests.map { digest, type in
            let key = "\(RepositoryName.app)@\(digest)"
            return #""\#(key)":{"Key":"\#(key)","ExpiryData":"\#(expiry)","EntryType":\#(type)}"#
        }
        try directory.write("{" + entries.joined(separator: ",") + "}", at: Self.name)
    }

    @Test func whatItTellsOfGoesWhenItWouldHaveGoneThere() async throws {
        try schedule(image, expiry: start + Self.ttl + .seconds(10))
        let test = try makeMirror(after: Self.ttl / 2)
        await test.start()
        #expect(try await test.holds(image))
        await test.pass(Self.ttl / 2)
        #expect(try await test.holds(image))
        await test.pass(Self.round)
        #expect(try await !test.holds(image))
        // It does not tell of this, which counts as used when it was found.
        #expect(try await test.holds(other))
        #expect(test.log.messages(.warning) == [])
    }

    @Test func whatIsUsedSinceStays() async throws {
        try schedule(image, expiry: start + Self.ttl)
        let test = try makeMirror(after: Self.ttl / 2)
        await test.start()
        try await test.use(image.manifest)
        await test.pass(Self.ttl - Self.round)
        #expect(try await test.holds(image))
    }

    /// As when the time to live was another one there.
    @Test func nothingCountsAsUsedBeforeItWasThere() async throws {
        try schedule(image, expiry: start - Self.ttl)
        let test = try makeMirror(after: Self.ttl / 2)
        await test.start()
        await test.pass(Self.ttl / 2 - Self.round)
        #expect(try await test.holds(image))
    }

    @Test func itIsMovedAsideOnceItIsTakenOverAndCountsNoMore() async throws {
        try schedule(image, expiry: start + Self.ttl)
        let text = try await directory.driver().text(at: Self.name)
        let test = try makeMirror(after: Self.ttl / 2)
        await test.start()
        #expect(try await test.storage.text(at: Self.name) == nil)
        #expect(try await test.storage.text(at: "mirrord/\(Self.name)") == text)
        // After a restart the journal tells.
        let next = await test.restarted()
        await next.start()
        await next.pass(Self.ttl / 2 + Self.round)
        #expect(try await !next.holds(image))
        #expect(try await next.holds(other))
    }

    @Test(arguments: ["", "{", "null", #"{"a":"#])
    func oneThatIsDamagedIsSetAsideWithAWarning(_ text: String) async throws {
        try directory.write(text, at: Self.name)
        let test = try makeMirror(after: .seconds(1))
        await test.start()
        #expect(test.log.messages(.warning).map { $0.contains("is damaged") } == [true])
        #expect(try await test.storage.text(at: Self.name) == nil)
        #expect(try await test.storage.text(at: "mirrord/scheduler-state.damaged.json") == text)
        #expect(try await test.use(image.manifest) == .hit)
        await test.pass(Self.ttl - Self.round)
        #expect(try await test.holds(image))
    }

    @Test func oneThatCannotBeReadStays() async throws {
        try schedule(image, expiry: start)
        let test = try makeMirror(after: Self.ttl / 2)
        test.storage.fail(StorageFault(.failed, on: [.open], below: .made(Self.name)))
        await test.start()
        #expect(test.log.messages(.warning).map { $0.contains("cannot be read") } == [true])
        #expect(try await directory.driver().text(at: Self.name) != nil)
        await test.pass(Self.ttl - Self.round)
        #expect(try await test.holds(image))
    }

    @Test func aDryRunReadsItAndLeavesItThere() async throws {
        try schedule(image, expiry: start)
        let test = try makeMirror(after: Self.ttl * 2)
        let plan = try await test.mirror.planEviction(limit: 10)
        #expect(plan.map(\.tags) == [[.made("old")]])
        #expect(try await test.storage.text(at: Self.name) != nil)
    }
}
