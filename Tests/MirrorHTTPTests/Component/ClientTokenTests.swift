import MirrorCore
import MirrorTesting
import Testing

@testable import MirrorHTTP

/// Cached private content follows the upstream's rights: the whole mirror, between sockets.
@Suite(.timeLimit(.minutes(10))) struct ClientTokenTests {
    private let upstream: ScriptedUpstream
    private let image = SampleImage(seed: 26)
    private let ann = RegistryCredentials(username: "ann", password: Secret("s3cret"))

    init() throws {
        upstream = try ScriptedUpstream()
        upstream.add(image, to: "library/app", tags: "latest")
        upstream.require(.bearer(TokenPolicy(user: "ann", password: "s3cret")))
    }

    /// What a client gets who follows the challenge, as docker does.
    private func token(for repository: String = "library/app") async throws -> String {
        let client = try await RawClient(host: upstream.host)
        let answer = try await client.ask(
            "GET /token?service=scripted.test&scope=repository:\(repository):pull",
            "Authorization: \(ann.basic.revealed)")
        let parts = answer.text.split(separator: "\"")
        return "Bearer \(try #require(parts.first { $0.hasPrefix("token-") }))"
    }

    private func mirror(
        staleIfError: Duration = .seconds(3600), credentials: RegistryCredentials? = nil
    ) async throws -> ServedMirror {
        var settings = ClientTokenSettings()
        settings.staleIfError = staleIfError
        return try await ServedMirror(
            of: upstream, credentials: credentials, clientTokens: settings)
    }

    private static let manifest = "GET /v2/library/app/manifests/latest"

    /// Pulls the image as one client, and says whether all of it came.
    private func isPulled(
        through mirror: ServedMirror, with authorization: String
    ) async throws -> Bool {
        let manifest = try await mirror.ask(Self.manifest, "Authorization: \(authorization)")
        guard manifest.body == image.manifest.bytes else { return false }
        for blob in image.blobs {
            let pull = try await mirror.pull(blob, authorization: authorization)
            guard try await pull.receiveRest() else { return false }
        }
        return true
    }

    @Test func aClientIsSentToTheUpstreamsOwnTokenService() async throws {
        let mirror = try await mirror()
        for (line, scope) in [
            ("GET /v2/", ""), (Self.manifest, ",scope=\"repository:library/app:pull\""),
            (
                "HEAD /v2/library/app/blobs/\(image.layers[0].digest)",
                ",scope=\"repository:library/app:pull\""
            ),
        ] {
            let answer = try await mirror.ask(line)
            #expect(answer.status == 401)
            #expect(
                answer["WWW-Authenticate"]
                    == "Bearer realm=\"\(upstream.url)/token\",service=\"scripted.test\"\(scope)")
        }
        #expect(upstream.requests.count == 2, "of one repository it is known then")
        #expect(try await mirror.ask("GET /v2/", "Authorization: \(token())").status == 200)
    }

    @Test func whatOneMayReadIsHeldOnceAndOnlyForThoseWhoMay() async throws {
        let mirror = try await mirror(credentials: ann)
        #expect(try await isPulled(through: mirror, with: token()))
        #expect(try await isPulled(through: mirror, with: token()))
        for blob in image.blobs { #expect(upstream.bytesSent(of: blob.digest) == blob.size) }
        let other = try await token(for: "library/other")
        for authorization in [other, "Bearer made-up", "Basic YTpi"] {
            let answer = try await mirror.ask(Self.manifest, "Authorization: \(authorization)")
            #expect(answer.status == 401)
            #expect(answer.text.contains("\"code\":\"UNAUTHORIZED\""))
            for blob in image.blobs {
                let line = "GET \(ServedMirror.path(of: blob))"
                #expect(
                    try await mirror.ask(line, "Authorization: \(authorization)").status == 401)
            }
        }
    }

    @Test func aMirrorWithoutCredentialsFetchesWithTheClients() async throws {
        upstream.redirectBlobs()
        let mirror = try await mirror()
        let token = try await token()
        #expect(try await isPulled(through: mirror, with: token))
        let asked = upstream.requests.filter {
            $0.repository != nil && $0.method == .get
        }
        #expect(asked.count == 1 + image.blobs.count)
        #expect(asked.allSatisfy { $0.field("Authorization") == token })
        let elsewhere = upstream.requests(.blob())
        #expect(elsewhere.count == image.blobs.count)
        #expect(elsewhere.allSatisfy { $0.field("Authorization") == nil })
        #expect(upstream.count(.token) == 1, "the client's own")
    }

    @Test func anotherClientWhoMayJoinsTheFill() async throws {
        let mirror = try await mirror()
        let layer = image.layers[0]
        let gate = upstream.holdBlob(layer.digest, at: 1)
        let (first, second) = (try await token(), try await token())
        let one = try await mirror.pull(layer, authorization: first)
        await gate.reached()
        let two = try await mirror.pull(layer, authorization: second)
        let refused = try await mirror.ask(
            "GET \(ServedMirror.path(of: layer))", "Authorization: Bearer made-up")
        #expect(refused.status == 401)
        gate.release()
        #expect(try await one.receiveRest())
        #expect(try await two.receiveRest())
        let fetches = upstream.requests(.blob(layer.digest).with(method: .get)).filter {
            $0.status == 200
        }
        #expect(fetches.map { $0.field("Authorization") } == [first])
    }

    @Test func aTokenThatEndsIsNoticedWhenSomethingHasToBeFetched() async throws {
        let mirror = try await mirror()
        let (old, new) = (try await token(), try await token())
        let pull = try await mirror.pull(image.layers[0], authorization: old)
        #expect(try await pull.receiveRest())
        upstream.revokeTokens()
        let held = try await mirror.pull(image.layers[0], authorization: old)
        #expect(try await held.receiveRest(), "for a minute the grant counts")
        let line = "GET \(ServedMirror.path(of: image.layers[1]))"
        for authorization in [old, new] {
            let answer = try await mirror.ask(line, "Authorization: \(authorization)")
            #expect(answer.status == 401, "not 404: the client has to get a new token")
        }
        let fresh = try await token()
        #expect(try await isPulled(through: mirror, with: fresh))
    }

    /// Whoever joins a fill that another's credential began does not fail with that.
    @Test func aFillThatATokenOfThePastBeganIsBegunAgainForWhoMay() async throws {
        let mirror = try await mirror()
        let old = try await token()
        #expect(
            try await mirror.pull(image.layers[0], authorization: old).receiveRest())
        upstream.revokeTokens()
        let new = try await token()
        let layer = image.layers[1]
        let gate = upstream.hold(.blob(layer.digest).with(method: .get), .once)
        let refused = try await mirror.pull(layer, authorization: old)
        await gate.reached()
        let joining = try await mirror.pull(layer, authorization: new)
        await upstream.answered(.blob(layer.digest).with(method: .head))
        gate.release()
        #expect(try await joining.receiveRest())
        #expect(joining.status == 200)
        try await refused.receiveHead()
        #expect(refused.status == 401)
    }

    @Test func whileUpstreamIsDownARecentGrantCounts() async throws {
        let mirror = try await mirror()
        let token = try await token()
        #expect(try await isPulled(through: mirror, with: token))
        upstream.stop()
        let blob = image.layers[0]
        #expect(try await mirror.pull(blob, authorization: token).receiveRest())
        for fields in ["Authorization: Bearer other", "Accept: */*"] {
            let answer = try await mirror.ask("GET \(ServedMirror.path(of: blob))", fields)
            // What nobody is asked for was learnt from nobody.
            #expect(answer.status == 503)
            #expect(answer.text.contains("\"code\":\"UNAVAILABLE\""))
        }
    }

    @Test func whatAnybodyMayReadNeedsNoCredentials() async throws {
        upstream.require(.open)
        let mirror = try await mirror()
        #expect(try await mirror.ask(Self.manifest).body == image.manifest.bytes)
        #expect(try await mirror.pull(image.layers[0]).receiveRest())
        #expect(try await mirror.ask("GET /v2/").status == 200)
    }

    @Test func basicCredentialsAreShownToTheUpstreamAsTheyAre() async throws {
        upstream.require(.basic(user: "ann", password: "s3cret"))
        let mirror = try await mirror()
        #expect(
            try await mirror.ask(Self.manifest)["WWW-Authenticate"] == "Basic realm=\"scripted\"")
        #expect(try await isPulled(through: mirror, with: ann.basic.revealed))
        let notes = await mirror.notes(of: 2)
        #expect(await mirror.users(of: 2)[..<2] == [nil, "ann"])
        #expect(notes[1].contains(LogField("access", "asked")))
        #expect(!notes.contains { "\($0)".contains(ann.basic.revealed.suffix(8)) })
    }

    @Test func theCatalogIsDenied() async throws {
        let mirror = try await mirror()
        let answer = try await mirror.ask("GET /v2/_catalog", "Authorization: \(token())")
        #expect(answer.status == 403)
        #expect(answer.text.contains("\"code\":\"DENIED\""))
    }
}
