import MirrorCore
import MirrorTesting
import Synchronization
import Testing

@testable import MirrorCore
@testable import MirrorHTTP

/// Servers and ports that are looked at.
@Suite(.timeLimit(.minutes(10))) struct NetworkCheckTests {
    private func check(
        _ server: ServerUnderTest, fields: HTTPFields = HTTPFields(), expecting status: Int = 200
    ) throws -> HealthCheck {
        let url = try #require(HTTPURL("http://127.0.0.1:\(server.server.port)/status?full=1"))
        return .http(
            url.text, ClientRequest(.get, url, fields: fields), expecting: HTTPStatus(status),
            by: HTTPClient(group: TestLoops.group), within: .seconds(30))
    }

    @Test func aServerIsAskedByHEADWithTheFieldsThatAreSaid() async throws {
        let asked = Mutex<[String]>([])
        let server = try await ServerUnderTest { request in
            let words = [request.head.method.name, request.head.target]
            asked.withLock { $0 = words + [request.head.fields["X-Probe"] ?? ""] }
            return .text("ok")
        }
        var fields = HTTPFields()
        fields.append("X-Probe", "7")
        #expect(try await check(server, fields: fields).fault() == nil)
        #expect(asked.withLock { $0 } == ["HEAD", "/status?full=1", "7"])
    }

    @Test func anotherStatusThanTheOneExpectedFails() async throws {
        let server = try await ServerUnderTest { _ in
            var response = Response.text("", HTTPStatus(301))
            response.fields.append(.location, "http://127.0.0.1:1/")
            return response
        }
        #expect(try await check(server).fault() == "it answers 301 Moved Permanently")
        #expect(try await check(server, expecting: 301).fault() == nil)
    }

    @Test func aServerThatIsGoneFails() async throws {
        let server = try await ServerUnderTest { _ in .text("ok") }
        let check = try check(server)
        await server.server.stop(drainingFor: .zero)
        #expect(await check.fault() != nil)
    }

    @Test func aPortIsWellWhileItTakesConnections() async throws {
        let server = try await ServerUnderTest { _ in .text("ok") }
        let check = HealthCheck.tcp(
            "db", host: "127.0.0.1", port: server.server.port, on: TestLoops.group,
            within: .seconds(30))
        #expect(await check.fault() == nil)
        await server.server.stop(drainingFor: .zero)
        #expect(await check.fault()?.contains("127.0.0.1") == true)
    }
}
