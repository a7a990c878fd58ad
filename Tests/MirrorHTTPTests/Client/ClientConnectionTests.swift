import MirrorSystem
import Testing

@testable import MirrorHTTP

@Suite(.timeLimit(.minutes(10))) struct ClientConnectionTests {
    private let group = TestLoops.group

    /// Work with a connection to a server that answers everything, or nothing.
    private func withConnection(
        answers: Bool = true,
        _ work: @escaping @Sendable (ClientConnection, _ request: [UInt8]) async throws -> Void
    ) async throws {
        let server = try await LoopbackServer(on: group) { _ in
            answers ? .response("200 OK") : LoopbackServer.Answer(bytes: [], stalls: true)
        }
        let loop = group.loops[1]
        let url = server.url()
        try await loop.run {
            let timeouts = ClientTimeouts()
            let connector = Connector(
                resolver: HostResolver(), trust: TLSTrust(), identity: nil, timeouts: timeouts)
            let pool = ConnectionPool(on: loop, connector: connector, limits: ClientLimits())
            let connection = try await pool.checkOut(
                PoolKey(origin: url.origin, proxy: nil),
                within: Reach(trustedHosts: [url.origin.host]),
                deadline: Deadline(in: timeouts.connect))
            defer { pool.discard(connection) }
            try await work(
                connection, RequestWriter(proxy: nil).bytes(of: ClientRequest(.get, url)))
        }
    }

    private func exchange(
        _ request: [UInt8], over connection: ClientConnection
    ) async throws -> ResponseHead {
        try await connection.exchange(
            request, HeadParser(limits: HTTPLimits(), allowsBareLineFeed: true),
            deadline: Deadline(in: .seconds(20)), activity: "GET")
    }

    @Test func aCancellationThatComesTooLateEndsNoOtherExchange() async throws {
        try await withConnection { connection, request in
            for number in 1...3 {
                let head = try await exchange(request, over: connection)
                #expect(head.status == .ok)
                #expect(connection.exchange == number)
                connection.abort(number)
                connection.abort(number + 1)
            }
            #expect(!connection.stream.channel.isClosed)
        }
    }

    @Test func aCancellationEndsItsExchange() async throws {
        try await withConnection(answers: false) { connection, request in
            let answer = Task(executorPreference: connection.loop) {
                try await exchange(request, over: connection)
            }
            while connection.exchange == 0 { await Task.yield() }
            connection.abort(1)
            await #expect(throws: ClientConnection.Failure.self) { try await answer.value }
        }
    }
}
