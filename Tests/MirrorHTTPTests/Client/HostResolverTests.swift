import MirrorSystem
import Synchronization
import Testing

@testable import MirrorHTTP

@Suite(.timeLimit(.minutes(10))) struct HostResolverTests {
    private let loop = TestLoops.group.loops[0]
    private let names = NamesUnderTest()

    private func hosts(of host: String, by resolver: HostResolver) async throws -> [String] {
        try await loop.run {
            try await resolver.addresses(
                of: host, port: 443, on: loop, deadline: Deadline(in: .seconds(30)))
        }.map(\.description)
    }

    private func failure(of host: String, by resolver: HostResolver) async -> ClientError? {
        await #expect(throws: ClientError.self) { try await hosts(of: host, by: resolver) }
    }

    @Test func numbersAreNotLookedUp() async throws {
        let resolver = names.resolver()
        #expect(try await hosts(of: "192.0.2.1", by: resolver) == ["192.0.2.1:443"])
        #expect(try await hosts(of: "2001:db8::1", by: resolver) == ["[2001:db8::1]:443"])
        #expect(names.questions == [])
    }

    @Test func anAnswerIsUsedForHalfAMinute() async throws {
        let resolver = names.resolver()
        names.set("a.test", ["192.0.2.1"])
        #expect(try await hosts(of: "a.test", by: resolver) == ["192.0.2.1:443"])
        names.set("a.test", ["192.0.2.2"])
        names.advance(by: 29_999_999_999)
        #expect(try await hosts(of: "a.test", by: resolver) == ["192.0.2.1:443"])
        names.advance(by: 1)
        #expect(try await hosts(of: "a.test", by: resolver) == ["192.0.2.2:443"])
        #expect(names.questions == ["a.test", "a.test"])
    }

    @Test func addressesGoOnToBeUsedWhileANameCannotBeLookedUp() async throws {
        let resolver = names.resolver()
        names.set("a.test", ["192.0.2.1"])
        _ = try await hosts(of: "a.test", by: resolver)
        names.set("a.test", nil)
        for _ in 0..<3 {
            names.advance(by: 30_000_000_000)
            #expect(try await hosts(of: "a.test", by: resolver) == ["192.0.2.1:443"])
        }
        #expect(names.questions.count == 4)
    }

    @Test func aFailureIsNotRemembered() async throws {
        let resolver = names.resolver()
        let error = await failure(of: "a.test", by: resolver)
        #expect(error == ClientError(.unreachable, "cannot look up a.test: no such name"))
        names.set("a.test", ["192.0.2.1"])
        #expect(try await hosts(of: "a.test", by: resolver) == ["192.0.2.1:443"])
    }

    @Test func manyWhoAskShareOneLookUp() async throws {
        let release = ThreadSignal()
        let names = names
        names.set("a.test", ["192.0.2.1"])
        let resolver = names.resolver { release.wait() }
        try await withThrowingTaskGroup(of: [String].self) { tasks in
            for _ in 0..<20 { tasks.addTask { try await hosts(of: "a.test", by: resolver) } }
            release.post()
            for try await found in tasks { #expect(found == ["192.0.2.1:443"]) }
        }
        #expect(names.questions == ["a.test"])
    }

    @Test func whoLosesPatienceTakesTheLookUpFromNobody() async throws {
        let release = ThreadSignal()
        let names = names
        names.set("a.test", ["192.0.2.1"])
        let resolver = names.resolver { release.wait() }
        let loop = loop
        let error = await #expect(throws: ClientError.self) {
            try await loop.run {
                _ = try await resolver.addresses(
                    of: "a.test", port: 443, on: loop, deadline: Deadline(in: .milliseconds(1)))
            }
        }
        #expect(error == ClientError(.timedOut, "timed out looking up a.test"))
        release.post()
        #expect(try await hosts(of: "a.test", by: resolver) == ["192.0.2.1:443"])
        #expect(names.questions == ["a.test"])
    }

    @Test func familiesTakeTurnsBeginningWithTheSystemsChoice() async throws {
        let resolver = names.resolver()
        names.set("a.test", ["::1", "::2", "::3", "192.0.2.1", "192.0.2.2"])
        #expect(
            try await hosts(of: "a.test", by: resolver) == [
                "[::1]:443", "192.0.2.1:443", "[::2]:443", "192.0.2.2:443", "[::3]:443",
            ])
    }
}

/// The names that a resolver finds, and the clock that it looks at.
private final class NamesUnderTest: Sendable {
    private struct State {
        var addresses: [String: [SocketAddress]] = [:]
        var questions: [String] = []
        var now: UInt64 = 1
    }

    private let state = Mutex(State())

    /// The names that were looked up.
    var questions: [String] { state.withLock { $0.questions } }

    func set(_ name: String, _ hosts: [String]?) {
        state.withLock { state in
            state.addresses[name] = hosts?.compactMap { SocketAddress(host: $0, port: 0) }
        }
    }

    func advance(by nanoseconds: UInt64) {
        state.withLock { $0.now += nanoseconds }
    }

    /// A resolver of these names; each look-up passes `pause`, which may block.
    func resolver(_ pause: @escaping @Sendable () -> Void = {}) -> HostResolver {
        HostResolver(now: { self.state.withLock { $0.now } }) { host in
            pause()
            return self.state.withLock { state in
                state.questions.append(host)
                guard let found = state.addresses[host] else {
                    return .failure(NameError("no such name"))
                }
                return .success(found)
            }
        }
    }
}
