import MirrorCore
import Testing

@testable import MirrorHTTP

/// Downloads that are ended as soon as nothing of them is there.
@Suite(.timeLimit(.minutes(10))) struct IdleDownloadTests {
    private let group = TestLoops.group
    private let repository: RepositoryName
    private let digest: Digest

    init() throws {
        repository = try #require(RepositoryName("library/busybox"))
        digest = try #require(Digest("sha256:" + String(repeating: "ab", count: 32)))
    }

    /// Heads of which nine bytes of content follow, and never the rest.
    static let heads = [
        "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n123456789",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n64\r\n123456789",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\n123456789\r\n6",
    ]

    private func download(_ text: String) async throws -> any BlobDownload {
        let server = try await LoopbackServer(on: group) { _ in
            LoopbackServer.Answer(bytes: Array(text.utf8), stalls: true)
        }
        return try await RegistryUpstream(server.url(), client: HTTPClient(group: group))
            .blob(digest, in: repository, from: 0)
    }

    @Test(arguments: heads) func whatHasComeIsGivenBeforeTheEnd(_ text: String) async throws {
        let download = try await download(text)
        download.endWhenIdle()
        #expect(try await download.next() == Array("123456789".utf8))
        #expect(try await download.next() == nil)
    }

    @Test(arguments: heads) func whoWaitsForMoreWaitsNoLonger(_ text: String) async throws {
        let download = try await download(text)
        #expect(try await download.next() == Array("123456789".utf8))
        async let next = download.next()
        download.endWhenIdle()
        #expect(try await next == nil)
    }

    @Test func anEncryptedDownloadIsIdleBetweenItsRecords() async throws {
        let root = try TestCertificate(name: "root")
        let leaf = try TestCertificate(
            name: "leaf", alternativeNames: "DNS:localhost", issuer: root)
        let server = try await LoopbackServer(on: group, tls: try leaf.serverContext()) { _ in
            LoopbackServer.Answer(bytes: Array(Self.heads[0].utf8), stalls: true)
        }
        try await root.withFile { file in
            let client = HTTPClient(group: group, trust: TLSTrust(rootFiles: [file]))
            let upstream = RegistryUpstream(server.url("/", host: "localhost"), client: client)
            let download = try await upstream.blob(digest, in: repository, from: 0)
            #expect(try await download.next() == Array("123456789".utf8))
            async let next = download.next()
            download.endWhenIdle()
            #expect(try await next == nil)
        }
    }

    @Test func aDownloadThatComesToItsEndBeforeLeavesItsConnectionToTheNext() async throws {
        let server = try await LoopbackServer(on: group) { _ in
            .response("200 OK", body: "123456789")
        }
        let upstream = RegistryUpstream(server.url(), client: HTTPClient(group: group))
        try await group.loops[0].run {
            for _ in 0..<3 {
                let download = try await upstream.blob(digest, in: repository, from: 0)
                download.endWhenIdle()
                let block = try await download.next()
                #expect(block == Array("123456789".utf8))
                #expect(try await download.next() == nil)
            }
        }
        #expect(server.connectionCount == 1)
    }
}
