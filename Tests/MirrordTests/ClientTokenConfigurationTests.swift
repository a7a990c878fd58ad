import MirrorCore
import MirrorHTTP
import MirrorTesting
import Testing

@testable import mirrord

/// What `proxy.clienttokens` says, and what comes of it.
@Suite(.timeLimit(.minutes(10))) struct ClientTokenConfigurationTests {
    private func file(_ lines: String, of url: String = "https://r.test") -> String {
        """
        version: 0.1
        storage: inmemory
        log: {level: error, accesslog: {disabled: true}}
        http: {addr: '127.0.0.1:0'}
        proxy:
          remoteurl: \(url)
        \(lines)
        """
    }

    private func loaded(
        _ lines: String, of url: String = "https://r.test"
    ) throws -> LoadedConfiguration {
        try LoadedConfiguration.parse(Array(file(lines, of: url).utf8), file: "c.yml")
    }

    @Test func withoutALineTheyDoNotMatter() throws {
        #expect(try loaded("").configuration.proxy.clientTokens == nil)
        #expect(
            try loaded("  clienttokens: {enabled: false}").configuration.proxy.clientTokens == nil)
    }

    @Test func howLongUpstreamIsBelievedCanBeSaid() throws {
        let usual = try loaded("  clienttokens: {enabled: true}").configuration.proxy.clientTokens
        #expect(usual == ClientTokenSettings())
        let set = try loaded(
            "  clienttokens: {enabled: true, maxage: 10s, staleiferror: 0s}")
        #expect(set.configuration.proxy.clientTokens?.maxAge == .seconds(10))
        #expect(set.configuration.proxy.clientTokens?.staleIfError == .zero)
        #expect(set.warnings.isEmpty)
    }

    @Test(arguments: [
        (
            "  clienttokens: {maxage: 1m}",
            "7:17: proxy.clienttokens.enabled is missing: true or false"
        ),
        (
            "  clienttokens: {enabled: true, maxage: -1m}",
            "7:41: proxy.clienttokens.maxage cannot be negative"
        ),
        (
            "  clienttokens: true",
            "7:17: proxy.clienttokens must be a mapping, key: value, not this text"
        ),
    ])
    func aFaultIsTold(_ lines: String, _ fault: String) {
        #expect(faults(file(lines)) == [fault])
    }

    @Test func aCertificateOfTheMirrorMustNotCountForItsClients() throws {
        let loaded = try loaded(
            "  tls: {certificate: /a, key: /b}\n  clienttokens: {enabled: true}")
        #expect(loaded.warnings.count == 1)
        #expect(loaded.warnings.first?.message.contains("proxy.tls.certificate") == true)
    }

    @Test func theMirrorAsksTheUpstreamAboutItsClients() async throws {
        let upstream = try ScriptedUpstream()
        let image = SampleImage(seed: 5)
        upstream.add(image, to: "library/app", tags: "latest")
        upstream.require(.basic(user: "ann", password: "s3cret"))
        let loaded = try loaded(
            """
              username: ann
              password: s3cret
              clienttokens: {enabled: true}
            """, of: upstream.url)
        let assembly = try await Assembly(loaded) { loaded }
        // printf 'ann:s3cret' | base64
        let good = try await status(of: assembly, "Basic YW5uOnMzY3JldA==")
        let none = try await status(of: assembly, nil)
        #expect(good == 200 && none == 401)
        await assembly.stop()
        upstream.stop()
    }

    private func status(of assembly: Assembly, _ authorization: String?) async throws -> Int {
        let origin = HTTPOrigin(scheme: .http, host: "127.0.0.1", port: assembly.port)
        let group = try EventLoopGroup(count: 1)
        let client = HTTPClient(group: group)
        let target = "/v2/library/app/manifests/latest"
        var request = ClientRequest(
            .head, try #require(HTTPURL(origin: origin, target: target)))
        if let authorization {
            request.fields.append("Authorization", authorization)
        }
        let status = try await client.send(request).head.status.code
        await client.closeIdleConnections()
        return status
    }
}
