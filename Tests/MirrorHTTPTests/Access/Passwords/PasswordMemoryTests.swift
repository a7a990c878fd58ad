import Testing

@testable import MirrorHTTP

@Suite struct PasswordMemoryTests {
    private let second: UInt64 = 1_000_000_000

    @Test func whatWasRightIsBelievedForFiveMinutesAndKnownAfterwards() {
        var memory = PasswordMemory()
        #expect(memory.verdict(on: [1], at: 0) == nil)
        memory.didCompare([1], isRight: true, at: 0)
        #expect(memory.verdict(on: [1], at: 300 * second - 1) == .right)
        #expect(memory.verdict(on: [1], at: 300 * second) == .wasRight)
        #expect(memory.verdict(on: [2], at: 0) == nil)
    }

    @Test func whatWasWrongIsBelievedForTenSeconds() {
        var memory = PasswordMemory()
        memory.didCompare([1], isRight: false, at: 0)
        #expect(memory.verdict(on: [1], at: 10 * second - 1) == .wrong)
        #expect(memory.verdict(on: [1], at: 10 * second) == nil)
    }

    @Test func whatWasRightAndIsWrongNowIsWrong() {
        var memory = PasswordMemory()
        memory.didCompare([1], isRight: true, at: 0)
        memory.didCompare([1], isRight: false, at: second)
        #expect(memory.verdict(on: [1], at: 2 * second) == .wrong)
    }

    @Test func madeUpPasswordsPushOutNoneThatWasRight() {
        var memory = PasswordMemory()
        memory.didCompare([1], isRight: true, at: 0)
        for number in 0..<20_000 {
            let key = [UInt8(number & 255), UInt8(number >> 8), 7]
            memory.didCompare(key, isRight: false, at: 0)
        }
        #expect(memory.verdict(on: [1], at: second) == .right)
        #expect(memory.verdict(on: [0, 0, 7], at: second) == nil)
    }
}
