import MirrorCore
import Testing

@testable import MirrorHTTP

/// When a credential helper is run; times are seconds.
@Suite struct HelperRecordTests {
    private let first = account("1")
    private let second = account("2")

    private static func account(_ password: String) -> RegistryCredentials {
        RegistryCredentials(username: "me", password: Secret(password))
    }

    private func record(lifetime seconds: UInt64?) -> HelperRecord {
        HelperRecord(lifetime: seconds.map { $0 * 1_000_000_000 })
    }

    @Test func withoutALifetimeItIsRunOnceForEver() {
        var record = record(lifetime: nil)
        #expect(record.step(after: 0) == .run)
        #expect(record.didRun(.credentials(first), after: 0) == first)
        #expect(record.step(after: 1_000_000_000) == .use(first))
    }

    @Test func whatItGivesIsKeptForItsLifetime() {
        var record = record(lifetime: 60)
        _ = record.didRun(.credentials(first), after: 100)
        #expect(record.step(after: 159) == .use(first))
        #expect(record.step(after: 160) == .run)
        #expect(record.didRun(.credentials(second), after: 160) == second)
        #expect(record.step(after: 219) == .use(second))
    }

    @Test func withoutAnyLifetimeItIsRunEachTime() {
        var record = record(lifetime: 0)
        for time in 0..<3 as Range<UInt64> {
            #expect(record.step(after: time) == .run)
            #expect(record.didRun(.credentials(first), after: time) == first)
        }
        _ = record.didRun(.failed(reason: ""), after: 3)
        #expect(record.step(after: 3) == .use(nil))
    }

    @Test func afterAFailureItIsLeftAloneForLongerAndLonger() {
        var record = record(lifetime: nil)
        var time: UInt64 = 0
        for pause in [5, 10, 20, 40, 60, 60] as [UInt64] {
            #expect(record.didRun(.failed(reason: "x"), after: time) == nil)
            #expect(record.step(after: time + pause - 1) == .use(nil))
            time += pause
            #expect(record.step(after: time) == .run)
        }
        _ = record.didRun(.credentials(first), after: time)
        _ = record.didRun(.none, because: first, after: time)
        #expect(record.step(after: time + 5) == .run, "it begins anew")
    }

    @Test func whatIsOnlyOldIsUsedWhileItFailsAndWhatItTookBackIsNot() {
        var record = record(lifetime: 60)
        _ = record.didRun(.credentials(first), after: 0)
        #expect(record.didRun(.failed(reason: "x"), after: 60) == first)
        #expect(record.step(after: 61) == .use(first))
        #expect(record.didRun(.none, after: 65) == nil)
        #expect(record.step(after: 66) == .use(nil))
    }

    @Test func afterARefusalItIsRunWhateverTheLifetime() {
        for lifetime in [nil, 0, 3600] as [UInt64?] {
            var record = record(lifetime: lifetime)
            _ = record.didRun(.credentials(first), after: 0)
            #expect(record.step(refused: first, after: 1) == .run)
            #expect(record.didRun(.credentials(second), because: first, after: 1) == second)
            guard lifetime != 0 else { continue }
            #expect(record.step(refused: first, after: 1) == .use(second), "replaced meanwhile")
        }
    }

    @Test func refusalsInARowDoNotRunItEachTime() {
        var record = record(lifetime: nil)
        _ = record.didRun(.credentials(first), after: 0)
        _ = record.didRun(.credentials(first), because: first, after: 1)
        #expect(record.step(refused: first, after: 5) == .use(first))
        #expect(record.step(after: 5) == .use(first), "one repository may be all that was refused")
        #expect(record.step(refused: first, after: 6) == .run)
        // A helper that gives others each time is held back as well.
        _ = record.didRun(.credentials(second), because: first, after: 6)
        #expect(record.step(refused: second, after: 15) == .use(second))
        #expect(record.step(refused: second, after: 16) == .run)
    }

    @Test func whatWasRefusedIsNotUsedOnWhenItFailsThen() {
        var record = record(lifetime: nil)
        _ = record.didRun(.credentials(first), after: 0)
        #expect(record.didRun(.failed(reason: "x"), because: first, after: 1) == nil)
        #expect(record.step(after: 2) == .use(nil))
    }
}

extension HelperRecord {
    fileprivate func step(refused: RegistryCredentials? = nil, after seconds: UInt64) -> Step {
        step(refused: refused, at: seconds * 1_000_000_000)
    }

    fileprivate mutating func didRun(
        _ answer: HelperAnswer, because refused: RegistryCredentials? = nil, after seconds: UInt64
    ) -> RegistryCredentials? {
        didRun(answer, because: refused, at: seconds * 1_000_000_000)
    }
}
