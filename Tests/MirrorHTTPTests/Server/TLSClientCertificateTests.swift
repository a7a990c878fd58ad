import COpenSSL
import MirrorCore
import MirrorTesting
import Testing

@testable import MirrorHTTP

/// What clients are asked for to show who they are, and what comes of it.
@Suite(.timeLimit(.minutes(10))) struct TLSClientCertificateTests {
    private let root: TestCertificate
    private let known: TestCertificate
    private let foreign: TestCertificate

    init() throws {
        root = try TestCertificate(name: "clients' root")
        known = try TestCertificate(
            name: "builder", alternativeNames: "DNS:builder", issuer: root,
            organization: "Exämple, Inc")
        foreign = try TestCertificate(name: "builder")
    }

    private func server(
        _ policy: TLSServerSettings.ClientCertificate
    ) async throws -> TLSServerUnderTest {
        let folder = try TemporaryFolder()
        let file = try root.write(to: folder, as: "clients").certificateFile
        return try await TLSServerUnderTest { settings in
            settings.clientRootFiles = [file]
            settings.clientCertificate = policy
        }
    }

    enum Shown: CaseIterable {
        case nothing, known, foreign
    }

    private func offer(_ shown: Shown, _ version: Int32) -> SecureClient.Offer {
        var offer = SecureClient.Offer(versions: version...version)
        switch shown {
        case .nothing: break
        case .known: offer.certificate = known
        case .foreign: offer.certificate = foreign
        }
        return offer
    }

    private static let subject = "O=Exämple\\, Inc,CN=builder"

    /// Who is let in, and as whom. What is not verified makes nobody of a client.
    @Test(
        arguments: [
            (TLSServerSettings.ClientCertificate.none, ["nobody", "nobody", "nobody"]),
            (.requested, ["nobody", "nobody", "nobody"]),
            (.required, [nil, "nobody", "nobody"]),
            (.verifiedIfGiven, ["nobody", subject, nil]),
            (.verified, [nil, subject, nil]),
        ] as [(TLSServerSettings.ClientCertificate, [String?])], [TLS1_2_VERSION, TLS1_3_VERSION])
    func clientsAreLetInAs(
        _ row: (TLSServerSettings.ClientCertificate, [String?]), _ version: Int32
    ) async throws {
        let server = try await server(row.0)
        for (shown, expected) in zip(Shown.allCases, row.1) {
            let offer = offer(shown, version)
            if let expected {
                #expect(try await server.connect(offer).ask("GET /").text == expected, "\(shown)")
            } else {
                #expect(await server.refusal(offer) != nil, "\(shown)")
            }
        }
    }

    @Test func aClientWithoutACertificateIsNamedInTheLog() async throws {
        let server = try await server(.verified)
        let refusal = await server.refusal(offer(.nothing, TLS1_3_VERSION))
        #expect(refusal?.contains("certificate required") == true)
        #expect(
            await server.log.record("no TLS").error
                == "the client has shown no certificate, and needs one")
    }

    @Test func aCertificateOfAnotherAuthorityIsNamedInTheLog() async throws {
        let server = try await server(.verified)
        #expect(await server.refusal(offer(.foreign, TLS1_3_VERSION)) != nil)
        #expect(
            await server.log.record("no TLS").error
                == "the client's certificate is not accepted: self-signed certificate")
    }

    @Test func theCommonNameIsTheUserOfTheLog() async throws {
        let server = try await server(.verified)
        _ = try await server.connect(offer(.known, TLS1_3_VERSION)).ask("GET /")
        #expect(server.server.exchanges.all.map(\.user) == ["builder"])
    }

    @Test(arguments: [TLS1_2_VERSION, TLS1_3_VERSION])
    func aResumedSessionIsStillTheClients(_ version: Int32) async throws {
        let server = try await server(.verified)
        let first = try await server.connect(offer(.known, version))
        #expect(try await first.ask("GET /").text == Self.subject)
        var again = offer(.nothing, version)
        again.session = try first.resumption()
        let second = try await server.connect(again)
        #expect(second.isResumed)
        #expect(try await second.ask("GET /").text == Self.subject)
    }

    /// An authority may be one that another, which is not named, vouches for.
    @Test func anIntermediateAuthorityCanBeNamedAlone() async throws {
        let middle = try TestCertificate(name: "middle", issuer: root)
        let client = try TestCertificate(
            name: "deep", alternativeNames: "DNS:deep", issuer: middle)
        let folder = try TemporaryFolder()
        let file = try middle.write(to: folder, as: "middle").certificateFile
        let server = try await TLSServerUnderTest { settings in
            settings.clientRootFiles = [file]
            settings.clientCertificate = .verified
        }
        let answer = try await server.connect(.init(certificate: client)).ask("GET /")
        #expect(answer.text == "CN=deep")
    }
}
