import MirrorTesting
import Testing

@testable import MirrorCore

/// How the transfer that goes through a blob and those for ranges keep out of each other's way.
@Suite struct FillPlanRangeTests {
    private static let block = FillPlan.blockByteCount
    private static let total = 1000 * Self.block
    private var plan = FillPlan(total: Self.total)
    private var now = WallTime.seconds(1_700_000_000)

    private mutating func begin() throws -> FillPlan.Transfer {
        let begun = plan.beginNext(isWanted: true)
        return try #require(begun)
    }

    private mutating func beginWanted() throws -> FillPlan.Transfer {
        let begun = plan.beginWanted()
        return try #require(begun)
    }

    private mutating func want(_ range: Range<Int64>) {
        plan.want(range.lowerBound * Self.block..<range.upperBound * Self.block, at: now)
    }

    /// Lets a transfer bring so many blocks in each of some seconds.
    private mutating func receive(
        _ count: Int64, seconds: Int, by transfer: FillPlan.Transfer
    ) {
        for _ in 0..<seconds {
            plan.didReceive(count * Self.block, by: transfer, at: now)
            now = now + .seconds(1)
        }
        now = now - .milliseconds(1)
    }

    // MARK: Ending a transfer before what others bring

    @Test mutating func aTransferIsToEndBeforeARangeThatUpstreamSendsByItself() throws {
        let first = try begin()
        want(500..<502)
        #expect(!plan.isToEnd(first))
        plan.learn(.given)
        #expect(plan.isToEnd(first))
    }

    @Test mutating func aTransferGoesOnWhereUpstreamSendsNoRanges() throws {
        let first = try begin()
        want(500..<510)
        plan.learn(.refused)
        plan.learn(.given)
        #expect(!plan.isToEnd(first) && !plan.hasWanted)
    }

    @Test mutating func aTransferPassesOverAThousandthOfTheBlobAtMost() throws {
        let first = try begin()
        let small = FillPlan.smallBlockByteCount
        plan.learn(.given)
        for index in 1...15 as ClosedRange<Int64> {
            let start = index * 50 * Self.block
            plan.want(start..<start + 1, inBlocksOf: small, at: now)
        }
        #expect(!plan.isToEnd(first))
        plan.want(990 * Self.block..<990 * Self.block + 1, inBlocksOf: small, at: now)
        #expect(plan.isToEnd(first))
    }

    @Test mutating func whatWasPassedOverCounts() throws {
        let first = try begin()
        plan.learn(.given)
        want(500..<501)
        let range = try beginWanted()
        plan.didReceive(Self.block, by: range, at: now)
        plan.end(range)
        plan.didReceive(500 * Self.block, by: first, at: now)
        #expect(plan.extend(first, upTo: .max) == Self.block)
        #expect(plan.isToEnd(first) == false)
        plan.want(
            999 * Self.block..<999 * Self.block + 1,
            inBlocksOf: FillPlan.smallBlockByteCount, at: now + .seconds(10))
        #expect(plan.isToEnd(first))
    }

    @Test mutating func theNextTransfersEndAtTheRangeAndAreNotLong() throws {
        let first = try begin()
        plan.learn(.given)
        want(500..<502)
        _ = try beginWanted()
        plan.didReceive(480 * Self.block, by: first, at: now)
        plan.end(first)
        let second = try begin()
        #expect(second.rest == 480 * Self.block..<500 * Self.block)
        plan.didReceive(20 * Self.block, by: second, at: now)
        #expect(plan.extend(second, upTo: 500 * Self.block) == nil)
        plan.end(second)
        #expect(try begin().rest == 502 * Self.block..<534 * Self.block)
    }

    @Test mutating func aTransferThatAsksAnewAsksForNothingThatWasTakenFromIt() throws {
        let first = try begin()
        plan.learn(.given)
        want(500..<502)
        #expect(plan.willAsk(for: first) == 0..<500 * Self.block)
        #expect(!plan.isToEnd(first))
    }

    // MARK: Waiting for a transfer, or not

    @Test mutating func aFastTransferIsWaitedForAsFarAsItComesInASecond() throws {
        let first = try begin()
        receive(100, seconds: 2, by: first)
        want(290..<291)
        #expect(!plan.hasWanted)
        want(310..<311)
        #expect(plan.hasWanted)
    }

    @Test mutating func aSlowTransferIsNotWaitedFor() throws {
        let first = try begin()
        receive(2, seconds: 3, by: first)
        want(7..<8)
        #expect(!plan.hasWanted)
        want(9..<10)
        #expect(try beginWanted().rest == 9 * Self.block..<10 * Self.block)
        #expect(plan.rest(of: first) == 6 * Self.block..<9 * Self.block)
    }

    @Test mutating func aTransferThatStandsStillIsNotWaitedFor() throws {
        let first = try begin()
        plan.learn(.given)
        receive(100, seconds: 2, by: first)
        now = now + .seconds(2)
        want(200..<201)
        #expect(try beginWanted().rest == 200 * Self.block..<201 * Self.block)
        #expect(plan.rest(of: first)?.isEmpty == true && plan.isToEnd(first))
    }

    @Test mutating func whoWaitsInVainIsLookedAfter() throws {
        let first = try begin()
        plan.didReceive(2 * Self.block, by: first, at: now)
        want(4..<5)
        #expect(!plan.hasWanted && plan.wants.lookAgainAt == now + TransferPace.waitLimit)
        plan.lookAgain(at: now + .milliseconds(999))
        #expect(!plan.hasWanted)
        plan.lookAgain(at: now + .seconds(1))
        #expect(plan.hasWanted && plan.wants.lookAgainAt == nil)
    }

    @Test mutating func whoWaitsForATransferThatGoesOnWaitsAgain() throws {
        let first = try begin()
        plan.didReceive(2 * Self.block, by: first, at: now)
        want(4..<6)
        now = now + .seconds(1)
        plan.didReceive(3 * Self.block, by: first, at: now)
        plan.lookAgain(at: now)
        #expect(!plan.hasWanted && plan.wants.lookAgainAt == now + TransferPace.waitLimit)
        plan.didReceive(Self.block, by: first, at: now)
        plan.lookAgain(at: now + .seconds(60))
        #expect(!plan.hasWanted && plan.wants.lookAgainAt == nil)
    }

    @Test mutating func theNextTransferIsAsFastAsTheOneBefore() throws {
        let first = try begin()
        receive(100, seconds: 2, by: first)
        want(500..<501)
        plan.end(first)
        _ = try begin()
        want(230..<231)
        #expect(!plan.wants.ranges.contains { $0.lowerBound < 500 * Self.block })
    }

    // MARK: Long ranges

    @Test mutating func aLongRangeIsFetchedPartByPart() throws {
        _ = try begin()
        want(500..<570)
        let first = try beginWanted()
        #expect(first.rest == 500 * Self.block..<532 * Self.block)
        #expect(!plan.hasWanted)
        plan.didReceive(32 * Self.block, by: first, at: now)
        plan.end(first, isWanted: true)
        #expect(try beginWanted().rest == 532 * Self.block..<564 * Self.block)
    }

    @Test mutating func anothersRangeInALongOneIsFetchedAtOnceAndTakenFromNoTransfer() throws {
        _ = try begin()
        want(500..<570)
        let first = try beginWanted()
        want(560..<561)
        #expect(try beginWanted().rest == 560 * Self.block..<561 * Self.block)
        #expect(plan.rest(of: first) == 500 * Self.block..<532 * Self.block)
        plan.didReceive(32 * Self.block, by: first, at: now)
        plan.end(first, isWanted: true)
        #expect(try beginWanted().rest == 532 * Self.block..<560 * Self.block)
        #expect(try beginWanted().rest == 561 * Self.block..<570 * Self.block)
    }

    @Test mutating func whatLiesBehindARangeTakenFromAnotherIsStillWanted() throws {
        _ = try begin()
        plan.learn(.given)
        want(500..<530)
        let first = try beginWanted()
        want(520..<521)
        #expect(try beginWanted().rest == 520 * Self.block..<521 * Self.block)
        #expect(plan.rest(of: first) == 500 * Self.block..<520 * Self.block)
        #expect(!plan.hasWanted)
        // More than a thousandth is taken: it ends early, and goes on as far as that.
        want(510..<511)
        #expect(plan.isToEnd(first))
        plan.end(first, isWanted: true)
        #expect(try beginWanted().rest == 500 * Self.block..<510 * Self.block)
    }
}
