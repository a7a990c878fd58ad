import MirrorTesting
import Testing

@testable import MirrorCore

@Suite struct FillPlanTests {
    private static let block = FillPlan.blockByteCount
    private var plan = FillPlan(total: 100 * Self.block)
    /// Where nothing depends on it.
    private let now = WallTime.seconds(1_700_000_000)

    @Test mutating func oneTransferGoesThroughAll() {
        let next = plan.beginNext(isWanted: true)
        #expect(next?.rest == 0..<100 * Self.block)
        #expect(!plan.hasNext && !plan.hasWanted && !plan.isWhole)
    }

    @Test mutating func aTransferOfUnknownSizeLearnsIt() throws {
        var plan = FillPlan()
        let transferBegun = plan.beginNext(isWanted: true)
        let transfer = try #require(transferBegun)
        #expect(transfer.rest == 0..<Int64.max)
        plan.learn(total: 10)
        #expect(plan.rest(of: transfer) == 0..<10)
        plan.didReceive(10, by: transfer, at: now)
        #expect(plan.isWhole)
    }

    @Test mutating func whatIsWantedFarAheadIsTakenFromWhoWouldBringItLate() throws {
        let firstBegun = plan.beginNext(isWanted: true)
        let first = try #require(firstBegun)
        plan.want(50 * Self.block + 1..<52 * Self.block, at: now)
        #expect(plan.rest(of: first) == 0..<50 * Self.block)
        let secondBegun = plan.beginWanted()
        let second = try #require(secondBegun)
        #expect(second.rest == 50 * Self.block..<52 * Self.block && second.isForRange)
        let next = plan.beginNext(isWanted: true)
        #expect(next?.rest == 52 * Self.block..<84 * Self.block)
        #expect(!plan.hasWanted && plan.hasNext)
    }

    @Test mutating func whatIsWantedTwiceIsFetchedOnce() {
        _ = plan.beginNext(isWanted: true)
        plan.want(50 * Self.block..<51 * Self.block, at: now)
        plan.want(50 * Self.block..<51 * Self.block, at: now)
        _ = plan.beginWanted()
        plan.want(50 * Self.block..<51 * Self.block, at: now)
        #expect(!plan.hasWanted)
    }

    @Test mutating func whatATransferDidNotBringIsThereForOthers() throws {
        let firstBegun = plan.beginNext(isWanted: true)
        let first = try #require(firstBegun)
        plan.didReceive(3 * Self.block, by: first, at: now)
        plan.end(first)
        let next = plan.beginNext(isWanted: false)
        #expect(next?.rest == 3 * Self.block..<11 * Self.block)
    }

    // MARK: Going on behind what has come already

    /// A transfer of all that has come as far as a range that was taken from it.
    private mutating func transfer(
        before range: Range<Int64>, thatHasCome: Bool
    ) throws -> FillPlan.Transfer {
        let firstBegun = plan.beginNext(isWanted: true)
        let first = try #require(firstBegun)
        plan.want(range, at: now)
        let secondBegun = plan.beginWanted()
        let second = try #require(secondBegun)
        if thatHasCome {
            plan.didReceive(Int64(range.count), by: second, at: now)
            plan.end(second)
        }
        plan.didReceive(range.lowerBound, by: first, at: now)
        #expect(plan.rest(of: first)?.isEmpty == true)
        return first
    }

    @Test mutating func aTransferGoesOnBehindALittleThatHasComeMeanwhile() throws {
        let range = 50 * Self.block..<52 * Self.block
        let transfer = try transfer(before: range, thatHasCome: true)
        #expect(plan.extend(transfer, upTo: .max) == 2 * Self.block)
        #expect(plan.rest(of: transfer) == 52 * Self.block..<100 * Self.block)
        #expect(!plan.hasNext)
    }

    @Test mutating func aTransferEndsBeforeMuchThatHasCome() throws {
        let range = 50 * Self.block..<53 * Self.block
        let transfer = try transfer(before: range, thatHasCome: true)
        #expect(plan.extend(transfer, upTo: .max) == nil)
        plan.learn(.refused)
        #expect(plan.extend(transfer, upTo: .max) == 3 * Self.block)
    }

    @Test mutating func aTransferEndsBeforeWhatAnotherIsBringing() throws {
        let range = 50 * Self.block..<51 * Self.block
        let transfer = try transfer(before: range, thatHasCome: false)
        #expect(plan.extend(transfer, upTo: .max) == nil)
    }

    @Test mutating func aTransferGoesOnNoFartherThanItsDownload() throws {
        let range = 50 * Self.block..<51 * Self.block
        let transfer = try transfer(before: range, thatHasCome: true)
        #expect(plan.extend(transfer, upTo: 51 * Self.block) == nil)
        #expect(plan.extend(transfer, upTo: 60 * Self.block) == Self.block)
        #expect(plan.rest(of: transfer) == 51 * Self.block..<60 * Self.block)
        #expect(plan.extend(transfer, upTo: .max) == nil)
    }

    @Test mutating func aTransferTakesBackWhatAnotherDidNotBring() throws {
        let firstBegun = plan.beginNext(isWanted: true)
        let first = try #require(firstBegun)
        plan.want(50 * Self.block..<51 * Self.block, at: now)
        let secondBegun = plan.beginWanted()
        let second = try #require(secondBegun)
        plan.end(second)
        plan.didReceive(50 * Self.block, by: first, at: now)
        #expect(plan.extend(first, upTo: .max) == 0)
        #expect(plan.rest(of: first) == 50 * Self.block..<100 * Self.block)
    }

    @Test mutating func onlySoManyRangesAreFetchedAtOnce() {
        _ = plan.beginNext(isWanted: false)
        for index in 1...20 as ClosedRange<Int64> {
            plan.want((8 + 4 * index) * Self.block..<(8 + 4 * index) * Self.block + 1, at: now)
        }
        var count = 0
        while plan.beginWanted() != nil { count += 1 }
        #expect(count == FillPlan.rangeTransferLimit)
    }

    /// Whatever is wanted in whatever order, and whenever transfers end, each byte comes once.
    @Test(arguments: 1...100) func bringsEachByteOnce(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        var plan = FillPlan(total: 90 * Self.block + 11)
        var now = now
        var running: [FillPlan.Transfer] = []
        var received: Int64 = 0
        plan.learn(.given)
        while !plan.isWhole {
            let start = Int64.random(in: 0..<90 * Self.block, using: &random)
            let length = Int64.random(in: 1...(seed % 3 == 0 ? 50 : 2), using: &random) * Self.block
            switch Int.random(in: 0..<5, using: &random) {
            case 0: plan.want(start..<start + length, at: now)
            case 1: if let new = plan.beginWanted() { running.append(new) }
            case 2: if let new = plan.beginNext(isWanted: true) { running.append(new) }
            case 3:
                now = now + .milliseconds(Int.random(in: 0...700, using: &random))
                plan.lookAgain(at: now)
            default:
                guard let transfer = running.randomElement(using: &random) else { continue }
                let rest = plan.rest(of: transfer) ?? 0..<0
                let count = min(Int64(rest.count), Self.block * 2)
                plan.didReceive(count, by: transfer, at: now)
                received += count
                let isAtEnd = count == rest.count
                if isAtEnd, plan.extend(transfer, upTo: .max) != nil { continue }
                if isAtEnd || plan.isToEnd(transfer) || Bool.random(using: &random) {
                    plan.end(transfer, isWanted: plan.isToEnd(transfer))
                    running.removeAll { $0.number == transfer.number }
                }
            }
        }
        #expect(received == 90 * Self.block + 11)
    }
}
