import MirrorTesting
import Testing

@testable import MirrorHTTP

/// The end of a server.
@Suite(.timeLimit(.minutes(10))) struct StopTests {
    @Test func idleConnectionsEndAtOnceAndNewOnesAreRefused() async throws {
        let server = try await ServerUnderTest { _ in .text("x") }
        let idle = try await server.connect()
        #expect(try await idle.ask("GET /").text == "x")
        let unused = try await server.connect()
        await server.server.stop(drainingFor: .seconds(300))
        #expect(await idle.receiveAll().end == .closed)
        #expect(await unused.receiveAll().bytes.isEmpty)
        await #expect(throws: (any Error).self) { try await server.connect() }
    }

    @Test func aRequestUnderWayIsAnsweredAndItsConnectionEnds() async throws {
        let (arrived, gate) = (Gate(), Gate())
        let server = try await ServerUnderTest { _ in
            arrived.open()
            await gate.wait()
            return .text(String(repeating: "x", count: 500_000))
        }
        let client = try await server.connect()
        try await client.sendLines("GET / HTTP/1.1", "Host: m")
        await arrived.wait()
        async let stopped: Void = server.server.stop(drainingFor: .seconds(300))
        gate.open()
        let answer = try await client.receiveAnswer()
        #expect(answer.body.count == 500_000)
        #expect(await client.receiveAll().end == .closed)
        await stopped
    }

    @Test func theLimitEndsAResponseThatNobodyReads() async throws {
        let server = try await ServerUnderTest { _ in
            Response(.ok, body: .bytes([UInt8](repeating: 1, count: 64 << 20)))
        }
        let client = try await server.connect()
        try await client.sendLines("GET / HTTP/1.1", "Host: m")
        _ = try await client.receiveHead()
        await server.server.stop(drainingFor: .milliseconds(100))
        #expect(await client.receiveAll().bytes.count < 64 << 20)
        #expect(server.exchanges.all.first?.failure != nil)
    }

    @Test func theLimitEndsARequestWhoseAnswerDoesNotCome() async throws {
        let (arrived, gate) = (Gate(), Gate())
        let server = try await ServerUnderTest { _ in
            arrived.open()
            await gate.wait()
            return .text("late")
        }
        let client = try await server.connect()
        try await client.sendLines("GET / HTTP/1.1", "Host: m")
        await arrived.wait()
        await server.server.stop(drainingFor: .milliseconds(100))
        #expect(await client.receiveAll().bytes.isEmpty)
        gate.open()
    }

    @Test func stoppingTwiceDoesNoHarm() async throws {
        let server = try await ServerUnderTest { _ in .text("x") }
        await server.server.stop(drainingFor: .zero)
        await server.server.stop(drainingFor: .zero)
    }
}
