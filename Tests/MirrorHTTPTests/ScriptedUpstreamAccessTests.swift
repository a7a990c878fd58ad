import MirrorCore
import MirrorTesting
import Testing

@Suite struct ScriptedUpstreamAccessTests {
    let upstream: ScriptedUpstream
    let blob = SampleBlob(seed: 7, size: 1000)

    init() throws {
        upstream = try ScriptedUpstream()
        upstream.addBlob(blob)
    }

    /// Sends one request and gives the head and the body of its answer.
    private func ask(
        _ target: String, at host: String? = nil, _ fields: String...
    ) async throws -> (head: String, body: String) {
        let client = try await RawClient(host: host ?? upstream.host)
        let lines = ["GET \(target) HTTP/1.1"] + fields + ["", ""]
        try await client.send(lines.joined(separator: "\r\n"))
        let head = try await client.receiveHead()
        let length = head.firstRange(of: "Content-Length: ").flatMap { found in
            Int(head[found.upperBound...].prefix { $0.isNumber })
        }
        let body = try await client.receive(length ?? 0)
        return (head, String(decoding: body, as: UTF8.self))
    }

    private func token(scope: String) async throws -> String {
        let body = try await ask("/token?service=scripted.test&scope=\(scope)").body
        let parts = body.split(separator: "\"")
        return String(try #require(parts.count > 3 ? parts[3] : nil))
    }

    @Test func asksForATokenOfTheScope() async throws {
        upstream.require(.bearer(TokenPolicy()))
        let target = "/v2/library/busybox/blobs/\(blob.digest)"
        let refusal = try await ask(target).head
        #expect(refusal.hasPrefix("HTTP/1.1 401 "))
        #expect(
            refusal.contains(
                "WWW-Authenticate: Bearer realm=\"\(upstream.url)/token\","
                    + "service=\"scripted.test\",scope=\"repository:library/busybox:pull\"\r\n"))
        let good = try await token(scope: "repository:library/busybox:pull")
        let wrong = try await token(scope: "repository:library/other:pull")
        let answers = [
            try await ask(target, "Authorization: Bearer \(good)").head,
            try await ask(target, "Authorization: Bearer \(wrong)").head,
        ]
        #expect(answers[0].hasPrefix("HTTP/1.1 200 "))
        #expect(answers[1].contains(",error=\"invalid_token\"\r\n"))
        #expect(upstream.count(.token) == 2)
    }

    @Test func forgetsTokensByUseAndByRevocation() async throws {
        var policy = TokenPolicy()
        policy.useLimit = 1
        upstream.require(.bearer(policy))
        let token = try await token(scope: "repository:a:pull")
        var statuses: [Substring] = []
        for _ in 0..<2 {
            let head = try await ask(
                "/v2/a/blobs/\(blob.digest)", "Authorization: Bearer \(token)"
            ).head
            statuses.append(head.split(separator: " ")[1])
        }
        #expect(statuses == ["200", "401"])

        upstream.require(.bearer(TokenPolicy()))
        let second = try await self.token(scope: "")
        upstream.revokeTokens()
        let head = try await ask("/v2/", "Authorization: Bearer \(second)").head
        #expect(head.hasPrefix("HTTP/1.1 401 "))
    }

    @Test func givesTokensToItsUserOnly() async throws {
        upstream.require(.bearer(TokenPolicy(user: "ann", password: "s3cret")))
        #expect(try await ask("/token").head.contains("WWW-Authenticate: Basic "))
        // printf 'ann:s3cret' | base64
        let head = try await ask("/token", "Authorization: Basic YW5uOnMzY3JldA==").head
        #expect(head.hasPrefix("HTTP/1.1 200 "))
    }

    @Test func knowsBasicCredentials() async throws {
        upstream.require(.basic(user: "a", password: "bc"))
        // printf 'a:bc' | base64
        let heads = [
            try await ask("/v2/").head,
            try await ask("/v2/", "Authorization: Basic YTpiYw==").head,
        ]
        #expect(heads[0].hasPrefix("HTTP/1.1 401 "))
        #expect(heads[1].hasPrefix("HTTP/1.1 200 "))
    }

    @Test func redirectsBlobsToLinksThatExpire() async throws {
        upstream.redirectBlobs(linkUseLimit: 1)
        let head = try await ask("/v2/a/blobs/\(blob.digest)").head
        #expect(head.hasPrefix("HTTP/1.1 307 "))
        let found = try #require(head.firstRange(of: "Location: http://\(upstream.contentHost)"))
        let link = String(head[found.upperBound...].prefix { $0 != "\r\n" })
        let answers = [
            try await ask(link, at: upstream.contentHost, "Authorization: Bearer x").head,
            try await ask(link, at: upstream.contentHost).head,
            try await ask(link, at: upstream.contentHost).head,
        ]
        #expect(answers[0].hasPrefix("HTTP/1.1 400 "))
        #expect(answers[1].hasPrefix("HTTP/1.1 200 "))
        #expect(answers[2].hasPrefix("HTTP/1.1 403 "))
        #expect(upstream.count(.redirect(blob.digest)) == 1)
        #expect(upstream.bytesSent(of: blob.digest) >= 1000)
    }
}
