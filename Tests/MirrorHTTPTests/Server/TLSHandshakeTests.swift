import COpenSSL
import MirrorCore
import MirrorTesting
import Testing

@testable import MirrorHTTP

/// What a server and its clients agree on before the first request.
@Suite(.timeLimit(.minutes(10))) struct TLSHandshakeTests {
    @Test func requestsAreAnsweredOneAfterAnother() async throws {
        let server = try await TLSServerUnderTest()
        let client = try await server.connect()
        for _ in 0..<3 { #expect(try await client.ask("GET /").text == "nobody") }
        #expect(server.server.exchanges.all.count == 3)
    }

    @Test(arguments: [(TLS1_2_VERSION, "TLSv1.2"), (TLS1_3_VERSION, "TLSv1.3")])
    func bothVersionsOfTodayAreSpoken(_ version: Int32, _ name: String) async throws {
        let server = try await TLSServerUnderTest()
        let client = try await server.connect(.init(versions: version...version))
        #expect(client.version == name)
        #expect(try await client.ask("GET /").status == 200)
    }

    @Test func olderVersionsAreRefused() async throws {
        let server = try await TLSServerUnderTest()
        let old = await server.refusal(.init(versions: TLS1_VERSION...TLS1_1_VERSION))
        #expect(old?.contains("alert protocol version") == true)
        let record = await server.log.record("no TLS with a client")
        #expect(record.error == "the client speaks older versions of TLS than are allowed")
        #expect(record.level == .info)
        #expect(record.fields.contains(LogField("http.request.remoteaddr", "127.0.0.1")))
    }

    @Test func theOldestVersionCanBeTheNewest() async throws {
        let server = try await TLSServerUnderTest { $0.minimumVersion = .tls13 }
        let old = await server.refusal(.init(versions: TLS1_2_VERSION...TLS1_2_VERSION))
        #expect(old?.contains("alert protocol version") == true)
        #expect(try await server.connect().version == "TLSv1.3")
    }

    // MARK: Cipher suites

    @Test func onlyTheSuitesNamedAreAgreedTo() async throws {
        let server = try await TLSServerUnderTest(
            suites: ["TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256"])
        let only12 = TLS1_2_VERSION...TLS1_2_VERSION
        let client = try await server.connect(.init(versions: only12))
        #expect(client.suite == "ECDHE-ECDSA-CHACHA20-POLY1305")
        let other = await server.refusal(
            .init(versions: only12, oldSuites: "ECDHE-ECDSA-AES128-GCM-SHA256"))
        #expect(other?.contains("handshake failure") == true)
        #expect(
            await server.log.record("no TLS").error
                == "the client has no cipher suite in common with this server")
        // Those of TLS 1.3 were not spoken of.
        #expect(try await server.connect().version == "TLSv1.3")
    }

    @Test func suitesOfTLS13AloneLeaveOlderVersionsOut() async throws {
        let server = try await TLSServerUnderTest(suites: ["TLS_CHACHA20_POLY1305_SHA256"])
        #expect(try await server.connect().suite == "TLS_CHACHA20_POLY1305_SHA256")
        let old = await server.refusal(.init(versions: TLS1_2_VERSION...TLS1_2_VERSION))
        #expect(old?.contains("alert protocol version") == true)
        let other = await server.refusal(.init(newSuites: "TLS_AES_128_GCM_SHA256"))
        #expect(other?.contains("handshake failure") == true)
    }

    @Test(arguments: TLSCipherSuite.all)
    func theLibraryKnowsEverySuite(_ suite: TLSCipherSuite) throws {
        let folder = try TemporaryFolder()
        let identity = try TestCertificate(name: "server").write(to: folder)
        var settings = TLSServerSettings(identity: identity)
        settings.cipherSuites = [suite]
        #expect(throws: Never.self) { try TLSContext(server: settings) }
    }

    @Test func aSuiteOfAnotherNameIsNone() {
        #expect(TLSCipherSuite("TLS_RSA_WITH_RC4_128_SHA") == nil)
        #expect(TLSCipherSuite("ECDHE-RSA-AES128-GCM-SHA256") == nil)
    }

    // MARK: Extensions

    @Test(
        arguments: [
            ([], nil), (["http/1.1"], "http/1.1"), (["h2", "http/1.1"], "http/1.1"),
        ] as [([String], String?)])
    func theProtocolIsHTTP11(_ offered: [String], _ chosen: String?) async throws {
        let server = try await TLSServerUnderTest()
        let client = try await server.connect(.init(protocols: offered))
        #expect(client.chosenProtocol == chosen)
        #expect(try await client.ask("GET /").status == 200)
    }

    @Test(arguments: [["h2"], ["h2", "http/1.0"], ["acme-tls/1"]])
    func aClientOfOtherProtocolsIsToldSo(_ offered: [String]) async throws {
        let server = try await TLSServerUnderTest()
        let refusal = await server.refusal(.init(protocols: offered))
        #expect(refusal?.contains("no application protocol") == true)
        #expect(
            await server.log.record("no TLS").error
                == "the client speaks other protocols than http/1.1 only")
    }

    @Test func anyServerNameWillDo() async throws {
        let server = try await TLSServerUnderTest()
        for name in ["mirror.example", "another.example", "localhost"] {
            let client = try await server.connect(.init(serverName: name))
            #expect(try await client.ask("GET /").status == 200)
        }
    }

    @Test(arguments: [TLS1_2_VERSION, TLS1_3_VERSION])
    func aSessionIsResumed(_ version: Int32) async throws {
        let server = try await TLSServerUnderTest()
        let first = try await server.connect(.init(versions: version...version))
        _ = try await first.ask("GET /")
        #expect(!first.isResumed)
        let offer = SecureClient.Offer(
            versions: version...version, session: try first.resumption())
        let second = try await server.connect(offer)
        #expect(second.isResumed)
        #expect(try await second.ask("GET /").status == 200)
    }

    @Test func thereIsNoSecondHandshake() async throws {
        let server = try await TLSServerUnderTest()
        let client = try await server.connect(.init(versions: TLS1_2_VERSION...TLS1_2_VERSION))
        _ = try await client.ask("GET /")
        await #expect(throws: SecureClient.Failure.self) { try await client.renegotiate() }
    }
}

extension TLSServerUnderTest {
    /// A server that agrees to these suites only.
    init(suites: [String]) async throws {
        try await self.init { $0.cipherSuites = suites.compactMap { TLSCipherSuite($0) } }
    }
}
