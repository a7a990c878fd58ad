import Testing

@testable import MirrorHTTP

@Suite(.timeLimit(.minutes(10))) struct TLSClientTests {
    private let group = TestLoops.group

    /// Asks a server with `certificate` at `host`, believing in `root`; gives the bodies of
    /// `count` answers over as many connections.
    private func ask(
        _ certificate: TestCertificate, at host: String, trusting root: TestCertificate,
        count: Int = 1, _ inspect: (LoopbackServer) -> Void = { _ in }
    ) async throws -> [String] {
        let server = try await LoopbackServer(on: group, tls: try certificate.serverContext()) {
            _ in .response("200 OK", ["Connection: close"], body: "secret", isHead: false)
        }
        return try await root.withFile { file in
            let client = HTTPClient(group: group, trust: TLSTrust(rootFiles: [file]))
            var bodies: [String] = []
            for _ in 0..<count {
                let response = try await client.send(
                    ClientRequest(.get, server.url("/", host: host)))
                let body = try await response.body.collect(limit: 100) ?? []
                bodies.append(String(decoding: body, as: UTF8.self))
            }
            inspect(server)
            await client.closeIdleConnections()
            return bodies
        }
    }

    private func failure(
        _ certificate: TestCertificate, at host: String, trusting root: TestCertificate
    ) async throws -> ClientError? {
        await #expect(throws: ClientError.self) {
            _ = try await ask(certificate, at: host, trusting: root)
        }
    }

    @Test(arguments: ["localhost", "127.0.0.1"])
    func aCertificateForTheHostIsAccepted(_ host: String) async throws {
        let root = try TestCertificate(name: "root")
        let leaf = try TestCertificate(
            name: "leaf", alternativeNames: "DNS:localhost,IP:127.0.0.1", issuer: root)
        #expect(try await ask(leaf, at: host, trusting: root) == ["secret"])
    }

    @Test func theSecondConnectionResumesTheSession() async throws {
        let root = try TestCertificate(name: "root")
        let leaf = try TestCertificate(
            name: "leaf", alternativeNames: "DNS:localhost", issuer: root)
        _ = try await ask(leaf, at: "localhost", trusting: root, count: 3) { server in
            #expect(server.connectionCount == 3)
            #expect(server.resumptionCount == 2)
        }
    }

    @Test func aCertificateForAnotherHostIsRefused() async throws {
        let root = try TestCertificate(name: "root")
        let leaf = try TestCertificate(
            name: "localhost", alternativeNames: "DNS:other.example", issuer: root)
        let error = try await failure(leaf, at: "localhost", trusting: root)
        #expect(error?.code == .insecure)
        #expect(error?.reason.lowercased().contains("hostname mismatch") == true)
    }

    @Test func aCertificateWithoutTheAddressIsRefused() async throws {
        let root = try TestCertificate(name: "root")
        let leaf = try TestCertificate(
            name: "leaf", alternativeNames: "DNS:localhost", issuer: root)
        let error = try await failure(leaf, at: "127.0.0.1", trusting: root)
        #expect(error?.code == .insecure)
        #expect(error?.reason.contains("IP address mismatch") == true)
    }

    @Test func anExpiredCertificateIsRefused() async throws {
        let root = try TestCertificate(name: "root")
        let leaf = try TestCertificate(
            name: "leaf", alternativeNames: "DNS:localhost", issuer: root, secondsToEnd: -60)
        let error = try await failure(leaf, at: "localhost", trusting: root)
        #expect(error?.code == .insecure)
        #expect(error?.reason.contains("certificate has expired") == true)
    }

    @Test func aSelfSignedCertificateIsRefused() async throws {
        let root = try TestCertificate(name: "root")
        let own = try TestCertificate(name: "own", alternativeNames: "DNS:localhost")
        let error = try await failure(own, at: "localhost", trusting: root)
        #expect(error?.code == .insecure)
        #expect(error?.reason.contains("self-signed certificate") == true)
        #expect(error?.reason.contains("ca-certificates") == true)
    }

    @Test func aServerInTheClearIsNoSecureOne() async throws {
        let server = try await LoopbackServer(on: group) { _ in .response("200 OK") }
        let url = try #require(HTTPURL("https://127.0.0.1:\(server.port)/"))
        let client = HTTPClient(group: group)
        await #expect(throws: ClientError.self) {
            _ = try await client.send(ClientRequest(.get, url))
        }
        #expect(server.lines.isEmpty)
    }

    @Test func aBodyThatEndsWithoutTheEndOfTLSIsCutShort() async throws {
        let root = try TestCertificate(name: "root")
        let leaf = try TestCertificate(
            name: "leaf", alternativeNames: "DNS:localhost", issuer: root)
        let server = try await LoopbackServer(on: group, tls: try leaf.serverContext()) { _ in
            LoopbackServer.Answer(
                bytes: Array("HTTP/1.1 200 OK\r\n\r\nhalf".utf8), closes: true, breaks: true)
        }
        try await root.withFile { file in
            let client = HTTPClient(group: group, trust: TLSTrust(rootFiles: [file]))
            let response = try await client.send(
                ClientRequest(.get, server.url("/", host: "localhost")))
            await #expect(throws: ClientError.self) {
                _ = try await response.body.collect(limit: 100)
            }
        }
    }
}
