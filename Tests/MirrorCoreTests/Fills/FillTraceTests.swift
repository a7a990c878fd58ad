import MirrorTesting
import Testing

@testable import MirrorCore

@Suite struct FillTraceTests {
    private let whole = FillTrace(repository: .app, since: .seconds(1_700_000_000))

    @Test func aLineIsReadAsItWasWritten() {
        #expect(whole.line == "1700000000 library/app")
        var part = whole
        for arrived in [ByteRanges(), ByteRanges(0..<10), ByteRanges(0..<10, 20..<30)] {
            part.arrived = arrived
            #expect(FillTrace(line: part.line) == part)
        }
        #expect(part.line == "1700000000 library/app has 0-10 20-30")
        #expect(FillTrace(line: whole.line) == whole)
    }

    @Test(arguments: [
        "", "1700000000", "library/app 1700000000", "x library/app", "1700000000 Library/App",
        "1700000000 library/app has", "1700000000 library/app had 0-10",
        "1700000000 library/app has 10-0", "1700000000 library/app has 0-10 5-20",
        "1700000000  library/app", "1700000000 library/app ",
    ])
    func whatIsNoTraceIsNone(_ line: String) {
        #expect(FillTrace(line: line) == nil)
    }

    /// What a kill or a loss of power may leave behind the last whole line.
    static let ends = ["", "17000", "1700000001 library/oth", "\0\0\0\0\n", "\nnonsense\n\n"]

    @Test(arguments: ends)
    func theLastWholeLineCounts(_ end: String) {
        let text = "1600000000 team/other has 0-10\n\(whole.line)\n\(end)"
        #expect(FillTrace(lines: Array(text.utf8)) == whole)
    }

    @Test func withoutAWholeLineThereIsNone() {
        #expect(FillTrace(lines: []) == nil)
        #expect(FillTrace(lines: Array(whole.line.utf8)) == nil)
    }

    @Test func whatIsLeftIsTakenUpAsLongAsThePolicySays() {
        var policy = LeftoverPolicy()
        policy.ageLimit = .seconds(86_400)
        let since = whole.since
        let rows: [(FillTrace?, Int64, Bool, Duration, Leftover)] = [
            (whole, 5, false, .zero, .takeUp(.app)),
            (whole, 5, false, .seconds(86_399), .takeUp(.app)),
            (whole, 5, false, .seconds(86_400), .remove), (whole, 0, false, .zero, .remove),
            (nil, 5, false, .zero, .remove), (nil, 5, true, .zero, .remove),
            (whole, 0, true, .zero, .link(.app)), (whole, 5, true, .zero, .link(.app)),
            // A clock that was set back is no reason to throw anything away.
            (whole, 5, false, .seconds(-86_400), .takeUp(.app)),
        ]
        for (trace, byteCount, isStored, age, expected) in rows {
            let leftover = Leftover(
                trace, byteCount: byteCount, isStored: isStored, by: policy, at: since + age)
            #expect(leftover == expected)
        }
    }

    @Test func whatIsTooOldStaysInADryRunAndWhereNothingIsRemovedByAge() {
        func leftover(_ policy: LeftoverPolicy) -> Leftover {
            Leftover(
                whole, byteCount: 5, isStored: false, by: policy,
                at: whole.since + .seconds(1_000_000))
        }
        var policy = LeftoverPolicy()
        #expect(leftover(policy) == .remove)
        policy.isDryRun = true
        #expect(leftover(policy) == .keep)
        policy.ageLimit = nil
        #expect(leftover(policy) == .takeUp(.app))
    }
}
