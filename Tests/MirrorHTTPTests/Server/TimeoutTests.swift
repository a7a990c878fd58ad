import MirrorTesting
import Testing

@testable import MirrorHTTP

/// What ends connections that do not go on. How long it takes is not measured: what counts is
/// that it ends, and how.
@Suite(.timeLimit(.minutes(10))) struct TimeoutTests {
    private func limits(_ change: (inout ServerLimits) -> Void) -> ServerLimits {
        var limits = ServerLimits()
        limits.headTimeout = .seconds(300)
        limits.idleTimeout = .seconds(300)
        limits.silenceTimeout = .seconds(300)
        limits.answerTimeout = .seconds(300)
        change(&limits)
        return limits
    }

    @Test func aConnectionWithoutARequestIsEnded() async throws {
        let server = try await ServerUnderTest(limits { $0.idleTimeout = .milliseconds(150) }) {
            _ in
            .text("x")
        }
        let silent = try await server.connect()
        let rest = await silent.receiveAll()
        #expect(rest.bytes.isEmpty && rest.end == .closed)
    }

    @Test func aConnectionWithoutAnotherRequestIsEnded() async throws {
        let server = try await ServerUnderTest(limits { $0.idleTimeout = .milliseconds(150) }) {
            _ in
            .text("x")
        }
        while true {
            let idle = try await server.connect()
            // On a busy machine the request itself may come too late.
            guard (try? await idle.ask("GET /"))?.text == "x" else { continue }
            #expect(await idle.receiveAll().end == .closed)
            return
        }
    }

    @Test func aHeadThatDoesNotComeToItsEndIsTold() async throws {
        let server = try await ServerUnderTest(limits { $0.headTimeout = .milliseconds(150) }) {
            _ in
            .text("x")
        }
        let client = try await server.connect()
        try await client.send("GET / HTTP/1.1\r\nHos")
        let answer = try await client.receiveAnswer()
        #expect(answer.status == 408)
        #expect(answer["Connection"] == "close")
        #expect(server.exchanges.all.isEmpty)
    }

    /// Every byte comes well within the time, but the head as a whole does not.
    @Test func theTimeForAHeadCountsFromItsFirstByte() async throws {
        let server = try await ServerUnderTest(limits { $0.headTimeout = .milliseconds(400) }) {
            _ in
            .text("x")
        }
        let client = try await server.connect()
        let pacer = try await server.connect()
        let answered = Gate()
        async let answer = client.receiveAnswer(then: answered)
        try await client.send("GET / HTTP/1.1\r\nX-Drip: ")
        while !answered.isOpen {
            _ = try await pacer.ask("GET /")
            try? await client.send("x")
        }
        #expect(try await answer.status == 408)
    }

    @Test func aClientThatDoesNotReadIsEnded() async throws {
        let bytes = [UInt8](repeating: 7, count: 64 << 20)
        let server = try await ServerUnderTest(
            limits { $0.silenceTimeout = .milliseconds(150) }
        ) { _ in Response(.ok, body: .bytes(bytes)) }
        let client = try await server.connect()
        try await client.sendLines("GET / HTTP/1.1", "Host: m")
        await server.exchanges.completed()
        #expect(server.exchanges.all[0].failure?.contains("timed out") == true)
        #expect(await client.receiveAll().bytes.count < bytes.count)
    }

    @Test func aBodyThatStopsComingIsBroken() async throws {
        let server = try await ServerUnderTest(
            limits { $0.silenceTimeout = .milliseconds(150) }
        ) { request in .text(await request.wholeBody() == nil ? "broken" : "whole") }
        let client = try await server.connect()
        try await client.send("POST / HTTP/1.1\r\nHost: m\r\nContent-Length: 10\r\n\r\nabc")
        #expect(try await client.receiveAnswer().text == "broken")
        #expect(await client.receiveAll().end == .closed)
    }

    @Test func whoWaitsForAnAnswerHasOneWithinHalfAMinuteByDefault() {
        // Containerd and others turn away after 30 seconds.
        #expect(ServerLimits().answerTimeout < .seconds(30))
        #expect(ClientTimeouts().answer < ServerLimits().answerTimeout)
    }

    @Test func anAnswerThatDoesNotComeIsAnErrorAndTheEndOfTheConnection() async throws {
        let gate = Gate()
        let server = try await ServerUnderTest(limits { $0.answerTimeout = .milliseconds(150) }) {
            request in
            if request.head.target == "/never" { await gate.wait() }
            return .text("x")
        }
        for method in ["GET", "HEAD"] {
            let client = try await server.connect()
            #expect(try await client.ask("GET /").text == "x")
            let answer = try await client.ask("\(method) /never")
            #expect(answer.status == 503 && answer["Connection"] == "close")
            #expect(await client.receiveAll().bytes.isEmpty)
        }
        await server.exchanges.completed(4)
        // What comes too late is not sent, nor told of.
        gate.open()
        #expect(try await server.connect().ask("GET /").text == "x")
        #expect(server.exchanges.all.map(\.status.code) == [200, 503, 200, 503, 200])
    }

    @Test func oneMoreThanTheLimitOfConnectionsIsClosedAndTheOthersGoOn() async throws {
        let server = try await ServerUnderTest(limits { $0.connectionLimit = 3 }) { _ in .text("x")
        }
        var clients: [RawClient] = []
        for _ in 0..<3 {
            clients.append(try await server.connect())
            #expect(try await clients.last?.ask("GET /").text == "x")
        }
        let surplus = try await server.connect()
        #expect(await surplus.receiveAll().bytes.isEmpty)
        for client in clients { #expect(try await client.ask("GET /").text == "x") }
    }

    @Test func aPlaceIsFreeAgainWhenAConnectionHasEnded() async throws {
        let server = try await ServerUnderTest(limits { $0.connectionLimit = 1 }) { _ in .text("x")
        }
        for _ in 0..<5 {
            let client = try await server.connect()
            #expect(try await client.ask("GET /", "Connection: close").text == "x")
            // The end is seen only after the server has closed it.
            #expect(await client.receiveAll().end == .closed)
        }
    }
}

extension RawClient {
    fileprivate func receiveAnswer(then gate: Gate) async throws -> RawAnswer {
        defer { gate.open() }
        return try await receiveAnswer()
    }
}
