import MirrorCore
import MirrorHTTP
import MirrorTesting
import Testing

@testable import mirrord

/// A mirror of two registries, put together as a file says.
@Suite(.timeLimit(.minutes(10))) struct SeveralRegistriesTests {
    private let one: ScriptedUpstream
    private let two: ScriptedUpstream

    init() throws {
        one = try ScriptedUpstream()
        two = try ScriptedUpstream()
        one.add(SampleImage(seed: 11), to: "library/app", tags: "latest")
        two.add(SampleImage(seed: 12), to: "library/app", tags: "latest")
        one.require(.basic(user: "ann", password: "first"))
        two.require(.basic(user: "bob", password: "second"))
    }

    private func assembly() async throws -> Assembly {
        let text = """
            version: 0.1
            storage: inmemory
            log: {level: error, accesslog: {disabled: true}}
            http: {addr: '127.0.0.1:0'}
            proxy:
              name: one.test
              remoteurl: \(one.url)
              username: ann
              password: first
              upstreams:
                - {name: two.test, remoteurl: '\(two.url)', username: bob, password: second}
            """
        let loaded = try LoadedConfiguration.parse(Array(text.utf8), file: "c.yml")
        return try await Assembly(loaded) { loaded }
    }

    @Test func eachIsAskedByItsOwnAccountHoweverItIsMeant() async throws {
        let assembly = try await assembly()
        let client = HTTPClient(group: try EventLoopGroup(count: 1))
        let first = SampleImage(seed: 11).manifest.digest.text
        let second = SampleImage(seed: 12).manifest.digest.text
        for (path, status, digest, name) in [
            ("library/app/manifests/latest", 200, first, nil),
            ("library/app/manifests/latest?ns=one.test", 200, first, "one.test"),
            ("one.test/library/app/manifests/latest", 200, first, nil),
            ("library/app/manifests/latest?ns=two.test", 200, second, "two.test"),
            ("two.test/library/app/manifests/latest", 200, second, nil),
            ("library/app/manifests/latest?ns=three.test", 404, nil, nil),
        ] as [(String, Int, String?, String?)] {
            let origin = HTTPOrigin(scheme: .http, host: "127.0.0.1", port: assembly.port)
            let url = try #require(HTTPURL(origin: origin, target: "/v2/\(path)"))
            let head = try await client.send(ClientRequest(.head, url)).head
            #expect(head.status.code == status, "\(path)")
            #expect(head.fields["Docker-Content-Digest"] == digest, "\(path)")
            #expect(head.fields["OCI-Namespace"] == name, "\(path)")
        }
        await client.closeIdleConnections()
        await assembly.stop()
        one.stop()
        two.stop()
    }
}
