import FoundationEssentials
import MirrorCore
import MirrorSystem
import MirrorTesting
import Synchronization
import Testing

@testable import MirrorHTTP

@Suite(.timeLimit(.minutes(10))) struct PasswordAccessTests {
    private static let ann = "$2y$04$abcdefghijklmnopqrstuuinwY/tkBVrn3xrxQI/TgnMHhkvl85RW"

    private let folder: TemporaryFolder
    private let clock = ManualClock()
    private let seconds = SecondsUnderTest()
    private let sink = RecordingSink()
    private let comparer = ComparerDouble()

    init() throws {
        folder = try TemporaryFolder()
        try put("ann:\(Self.ann)\nold:$apr1$lZL6V/ci$eIMz/iKDkbtys/uU7LEK00\n")
    }

    private var path: String { "\(folder.path)/htpasswd" }

    private func put(_ text: String) throws { try TestFile.put(Array(text.utf8), at: path) }

    private func access() throws -> PasswordAccess {
        try PasswordAccess(
            realm: "the \"lab\"", userFile: path, logger: Logger(sink: sink), time: clock,
            now: seconds.now, matches: comparer.matches)
    }

    @Test func whoKnowsThePasswordIsLetInByItsName() async throws {
        let access = try PasswordAccess(
            realm: "lab", userFile: path, logger: Logger(sink: sink))
        #expect(await access.decide(.with("ann", "sesame")).user == "ann")
        for request in [
            AccessRequest.with("ann", "Sesame"), .with("ann", ""), .with("eve", "sesame"),
            .with("old", "sesame"), .with("", ""), .with(nil), .with("Bearer sesame"),
            .with("Basic !"), .with("Basic"),
        ] {
            #expect(await access.decide(request).challenge == #"Basic realm="lab""#)
        }
    }

    @Test func theRealmIsQuoted() async throws {
        let access = try access()
        #expect(
            await access.decide(.with(nil)).challenge == #"Basic realm="the \"lab\"""#)
    }

    @Test func whetherTheNameOrThePasswordIsWrongIsNotTold() async throws {
        let access = try access()
        let wrongPassword = await access.decide(.with("ann", "x"))
        let wrongName = await access.decide(.with("eve", "sesame"))
        #expect(wrongPassword.reason == wrongName.reason)
        #expect(wrongPassword.challenge == wrongName.challenge)
        // And both took a comparison.
        #expect(comparer.count == 2)
    }

    @Test func aMatchWithWhatNobodyHasLetsNobodyIn() async throws {
        let access = try access()
        comparer.matchesAnything = true
        #expect(await access.decide(.with("ann", "x")).user == "ann")
        #expect(await access.decide(.with("eve", "x")).user == nil)
    }

    @Test func aPasswordIsComparedOnceInFiveMinutes() async throws {
        let access = try access()
        for _ in 0..<3 { #expect(await access.decide(.with("ann", "sesame")).user == "ann") }
        #expect(comparer.count == 1)
        seconds.advance(by: 300)
        #expect(await access.decide(.with("ann", "sesame")).user == "ann")
        #expect(comparer.count == 2)
        for _ in 0..<3 { #expect(await access.decide(.with("ann", "wrong")).user == nil) }
        #expect(comparer.count == 3)
    }

    @Test func manyAtOnceAreOneComparison() async throws {
        let access = try access()
        comparer.hold()
        await withTaskGroup { group in
            for _ in 0..<20 { group.addTask { await access.decide(.with("ann", "sesame")).user } }
            await comparer.begun(1)
            // Each of them has got as far as it gets by itself.
            for _ in 0..<200 { await Task.yield() }
            comparer.letGo()
            for await user in group { #expect(user == "ann") }
        }
        #expect(comparer.count == 1)
    }

    @Test func noMoreThanThreeThreadsCompareAndWhoWasRightGoesFirst() async throws {
        let access = try access()
        #expect(await access.decide(.with("ann", "sesame")).user == "ann")
        seconds.advance(by: 300)
        comparer.hold()
        await withTaskGroup { group in
            for number in 0..<20 {
                group.addTask { await access.decide(.with("eve", "\(number)")).user }
            }
            // One is left for those that were right before, and theirs is not held up.
            await comparer.begun(3)
            group.addTask { await access.decide(.with("ann", "sesame")).user }
            await comparer.begun(4)
            #expect(comparer.mostAtOnce == 3)
            comparer.letGo()
            for await _ in group {}
        }
        #expect(comparer.mostAtOnce == 3)
    }

    @Test func whoWaitsTooLongIsToldToComeBack() async throws {
        let access = try access()
        comparer.hold()
        await withTaskGroup { group in
            for number in 0..<3 {
                group.addTask { await access.decide(.with("eve", "\(number)")) }
            }
            await comparer.begun(2)
            await clock.untilSleeping()
            clock.advance(by: .seconds(10))
            let first = await group.next()
            guard case .refused(let refusal) = first else {
                Issue.record("it was not refused")
                comparer.letGo()
                return
            }
            #expect(refusal.kind == .unavailable)
            #expect(refusal.retryAfter == .seconds(1))
            comparer.letGo()
        }
    }

    @Test func aChangeOfTheFileCountsWithinASecond() async throws {
        let access = try access()
        #expect(await access.decide(.with("ann", "sesame")).user == "ann")
        try put("# nobody any more\n")
        #expect(await access.decide(.with("ann", "sesame")).user == "ann")
        clock.advance(by: .seconds(1))
        #expect(await access.decide(.with("ann", "sesame")).user == nil)
        #expect(sink.messages(.warning).contains { $0.contains("names nobody") })
        try put("ann:\(Self.ann.replacing("$2y$", with: "$2b$"))")
        try await access.reload()
        #expect(await access.decide(.with("ann", "sesame")).user == "ann")
        // What was proved of the former line proved nothing of this one.
        #expect(comparer.count == 3)
    }

    @Test func aDamagedFileLeavesTheFormerOne() async throws {
        let access = try access()
        for damaged in ["sesame", "ann sesame"] {
            try put(damaged)
            clock.advance(by: .seconds(1))
            #expect(await access.decide(.with("ann", "sesame")).user == "ann")
        }
        // The same fault is told once.
        #expect(sink.messages(.error).count == 1)
        await #expect(throws: ReloadError.self) { try await access.reload() }
        #expect(!sink.records.contains { "\($0)".contains("sesame") })
    }

    @Test func withoutAFileNobodyGetsInUntilThereIsOne() async throws {
        let text = try Data(contentsOf: URL(filePath: path))
        try FileManager.default.removeItem(atPath: path)
        let access = try access()
        comparer.matchesAnything = true
        #expect(await access.decide(.with("ann", "sesame")).user == nil)
        #expect(sink.messages(.error).contains { $0.contains("nobody gets in: make it") })
        try text.write(to: URL(filePath: path))
        clock.advance(by: .seconds(1))
        #expect(await access.decide(.with("ann", "sesame")).user == "ann")
    }

    @Test func whatIsNoFileOfUsersIsNotTakenForNone() throws {
        let error = #expect(throws: StartError.self) {
            try PasswordAccess(realm: "lab", userFile: folder.path)
        }
        #expect(error?.description.contains("Is a directory") == true)
    }

    @Test func passwordsHashedOtherwiseAreTold() throws {
        _ = try access()
        let warning = try #require(sink.records.first { $0.level == .warning })
        #expect(warning.message.contains("bcrypt"))
        #expect(warning.fields.contains(LogField("lines", "2")))
    }
}

/// Compares as `bcrypt` does, and counts; or waits until it is let go.
private final class ComparerDouble: Sendable {
    private struct State {
        var count = 0
        var underWay = 0
        var mostAtOnce = 0
        var matchesAnything = false
        var gate: Gate?
        var watchers: [(count: Int, gate: Gate)] = []
    }

    private let state = Mutex(State())

    var count: Int { state.withLock { $0.count } }
    var mostAtOnce: Int { state.withLock { $0.mostAtOnce } }
    var matchesAnything: Bool {
        get { state.withLock { $0.matchesAnything } }
        set { state.withLock { $0.matchesAnything = newValue } }
    }

    func hold() { state.withLock { $0.gate = Gate() } }
    func letGo() { state.withLock { $0.gate }?.open() }

    /// Waits until so many comparisons have begun in all.
    func begun(_ count: Int) async {
        let gate = Gate()
        let isReached = state.withLock { state in
            if state.count >= count { return true }
            state.watchers.append((count, gate))
            return false
        }
        if !isReached { await gate.wait() }
    }

    @Sendable func matches(_ password: [UInt8], _ hash: String) async -> Bool {
        let (gate, watchers) = state.withLock { state in
            state.count += 1
            state.underWay += 1
            state.mostAtOnce = max(state.mostAtOnce, state.underWay)
            let count = state.count
            return (state.gate, state.watchers.filter { $0.count <= count }.map(\.gate))
        }
        for watcher in watchers { watcher.open() }
        await gate?.wait()
        return state.withLock { state in
            state.underWay -= 1
            return state.matchesAnything
                || password == Array("sesame".utf8) && !hash.contains("....")
        }
    }
}
