import MirrorCore
import Testing

@testable import MirrorHTTP

/// What is remembered of who may read what; times are seconds.
@Suite struct AccessMemoryTests {
    private var memory: AccessMemory
    private let ann: AccessMemory.Key
    private let bob: AccessMemory.Key
    private let nobody: AccessMemory.Key
    private let challenge = AccessAnswer.unauthorized(challenges: ["Bearer realm=\"r\""])

    init() throws {
        var settings = ClientTokenSettings()
        settings.maxAge = .seconds(60)
        settings.staleIfError = .seconds(3600)
        memory = AccessMemory(settings)
        let app = try #require(RepositoryName("library/app"))
        ann = AccessMemory.Key(client: Digest(of: [1]), repository: app)
        bob = AccessMemory.Key(client: Digest(of: [2]), repository: app)
        nobody = AccessMemory.Key(client: nil, repository: app)
    }

    @Test func aGrantCountsForAMinuteAndLongerWhileUpstreamCannotSay() {
        var memory = memory
        memory.didAnswer(.granted, for: ann, after: 100)
        #expect(memory.answer(for: ann, after: 159) == .granted)
        #expect(memory.answer(for: ann, after: 160) == nil)
        #expect(memory.isStillGranted(ann, after: 3699) == true)
        #expect(memory.isStillGranted(ann, after: 3700) == false)
    }

    @Test func itIsOfOneClientAndOneRepository() throws {
        var memory = memory
        memory.didAnswer(.granted, for: ann, after: 0)
        let name = try #require(RepositoryName("library/other"))
        let other = AccessMemory.Key(client: ann.client, repository: name)
        let base = AccessMemory.Key(client: ann.client, repository: nil)
        for key in [bob, nobody, other, base] {
            #expect(memory.answer(for: key, after: 1) == nil)
            #expect(memory.isStillGranted(key, after: 1) == false)
        }
    }

    @Test(arguments: [(10, 10), (600, 60), (0, 0), (-5, 0)])
    func aTokensEndComesFirst(_ rest: Int, _ expected: UInt64) {
        var memory = memory
        memory.didAnswer(.granted, for: ann, tokenEndsIn: .seconds(rest), after: 100)
        if expected > 0 { #expect(memory.answer(for: ann, after: 99 + expected) == .granted) }
        #expect(memory.answer(for: ann, after: 100 + expected) == nil)
    }

    @Test func aRefusalCountsForSecondsAndEndsAGrant() {
        for refusal in [challenge, .denied] {
            var memory = memory
            memory.didAnswer(.granted, for: ann, after: 0)
            memory.didAnswer(refusal, for: ann, after: 100)
            #expect(memory.answer(for: ann, after: 104) == refusal)
            #expect(memory.answer(for: ann, after: 105) == nil)
            #expect(memory.isStillGranted(ann, after: 105) == false)
            memory.didAnswer(.granted, for: ann, after: 105)
            #expect(memory.answer(for: ann, after: 105) == .granted)
        }
    }

    @Test func whatIsAskedOfNobodyIsKnownForLonger() {
        var memory = memory
        memory.didAnswer(challenge, for: nobody, after: 0)
        #expect(memory.answer(for: nobody, after: 599) == challenge)
        #expect(memory.answer(for: nobody, after: 600) == nil)
    }

    @Test func whatIsMissingSaysNothingOfTheRest() {
        var memory = memory
        memory.didAnswer(.granted, for: ann, after: 0)
        memory.didAnswer(.notFound, for: ann, after: 1)
        memory.didAnswer(.notFound, for: bob, after: 1)
        #expect(memory.answer(for: ann, after: 1) == .granted)
        #expect(memory.answer(for: bob, after: 1) == nil)
    }

    @Test func madeUpCredentialsPushOutNoGrant() {
        var memory = memory
        memory.didAnswer(.granted, for: ann, after: 0)
        let long = AccessAnswer.unauthorized(
            challenges: [String(repeating: "x", count: 100_000)])
        for number in 0..<200 as Range<UInt8> {
            let key = AccessMemory.Key(client: Digest(of: [number, 0]), repository: nil)
            memory.didAnswer(long, for: key, after: 0)
        }
        let first = AccessMemory.Key(client: Digest(of: [0, 0]), repository: nil)
        #expect(memory.answer(for: first, after: 1) == nil)
        #expect(memory.answer(for: ann, after: 1) == .granted)
    }
}

extension AccessMemory {
    fileprivate mutating func answer(for key: Key, after seconds: UInt64) -> AccessAnswer? {
        answer(for: key, at: seconds * 1_000_000_000)
    }

    fileprivate mutating func isStillGranted(_ key: Key, after seconds: UInt64) -> Bool {
        isStillGranted(key, at: seconds * 1_000_000_000)
    }

    fileprivate mutating func didAnswer(
        _ answer: AccessAnswer, for key: Key, tokenEndsIn rest: Duration? = nil,
        after seconds: UInt64
    ) {
        didAnswer(answer, for: key, tokenEndsIn: rest, at: seconds * 1_000_000_000)
    }
}
