import MirrorCore
import MirrorTesting
import Testing

@testable import MirrorHTTP

/// What a server counts of its requests.
@Suite(.timeLimit(.minutes(10))) struct ServerMetricsTests {
    private let metrics = ServerMetrics()
    private let blob = "/v2/library/app/blobs/sha256:00"

    private func serve(
        _ limits: ServerLimits = ServerLimits(),
        _ answer: @escaping @Sendable (Request) async -> Response
    ) async throws -> ServerUnderTest {
        try await ServerUnderTest(limits, metrics: metrics, answer)
    }

    @Test func requestsAreCountedByPartMethodAndStatus() async throws {
        let server = try await serve { request in
            .text("12345", request.head.method == .get ? .ok : HTTPStatus(418))
        }
        let client = try await server.connect()
        for _ in 0..<3 { _ = try await client.ask("GET \(blob)") }
        _ = try await client.ask("BREW /coffee")
        await server.exchanges.completed(4)
        let requests = "registry_http_requests_total"
        #expect(metrics.count(requests, "blob", "get", "200") == 3)
        #expect(metrics.count(requests, "other", "unknown", "other") == 1)
        #expect(metrics.count("registry_http_request_duration_seconds", "blob", "get") == 3)
        #expect(metrics.count("registry_http_response_size_bytes", "blob") == 3)
        #expect(metrics.count("registry_http_request_size_bytes", "blob") == 3)
        #expect(metrics.count("registry_proxy_pushed_bytes_total", "blob") == 15)
        #expect(metrics.count("mirrord_http_connections") == 1)
        #expect(metrics.count("mirrord_http_connections_total") == 1)
        client.close()
        await until { metrics.count("mirrord_http_connections") == 0 }
    }

    @Test func aRequestIsInFlightUntilItsLastByteIsSent() async throws {
        let gate = Gate()
        let server = try await serve { _ in
            await gate.wait()
            return .text("ok")
        }
        let client = try await server.connect()
        try await client.request("GET \(blob)")
        await until { metrics.count("registry_http_in_flight_requests", "blob") == 1 }
        gate.open()
        _ = try await client.receiveAnswer()
        await until { metrics.count("registry_http_in_flight_requests", "blob") == 0 }
    }

    @Test func aRequestWhoseAnswerDoesNotComeInTimeIsCountedOnce() async throws {
        let gate = Gate()
        var limits = ServerLimits()
        limits.answerTimeout = .milliseconds(1)
        let server = try await serve(limits) { _ in
            await gate.wait()
            return .text("late")
        }
        let answer = try await server.connect().ask("GET \(blob)")
        #expect(answer.status == 503)
        gate.open()
        await until { metrics.count("registry_http_in_flight_requests", "blob") == 0 }
        #expect(metrics.count("registry_http_requests_total", "blob", "get", "503") == 1)
        #expect(metrics.count("registry_http_requests_total", "blob", "get", "200") == nil)
    }

    @Test func whatIsNoRequestLeavesNothingInFlight() async throws {
        let server = try await serve { _ in .text("ok") }
        let client = try await server.connect()
        try await client.send("GET /v2/ HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n")
        #expect(try await client.receiveAnswer().status == 400)
        #expect(metrics.count("registry_http_in_flight_requests", "base") == 0)
    }

    @Test func connectionsBeyondTheLimitAreCounted() async throws {
        var limits = ServerLimits()
        limits.connectionLimit = 1
        let server = try await serve(limits) { _ in .text("ok") }
        let first = try await server.connect()
        _ = try await first.ask("GET /")
        let second = try await server.connect()
        _ = await second.receiveAll()
        await until { metrics.count("mirrord_http_connections_refused_total") == 1 }
        #expect(metrics.count("mirrord_http_connections") == 1)
    }

    /// Waits until something has happened on a loop; gives up with the test.
    private func until(_ hasHappened: () -> Bool) async {
        while !hasHappened(), !Task.isCancelled { await Task.yield() }
    }
}
