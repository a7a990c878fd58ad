import MirrorCore
import MirrorTesting
import Testing

@testable import MirrorHTTP

/// Upstreams that want to know who asks, and clients who do not have to.
@Suite(.timeLimit(.minutes(10))) struct UpstreamAccessTests {
    private let upstream: ScriptedUpstream
    private let image = SampleImage(seed: 6)
    private let ann = RegistryCredentials(username: "ann", password: Secret("s3cret"))

    init() throws {
        upstream = try ScriptedUpstream()
        upstream.add(image, to: "library/app", tags: "latest")
    }

    /// Pulls the image as clients do, and says whether all of it came.
    private func isPulled(through mirror: ServedMirror) async throws -> Bool {
        let manifest = try await mirror.ask("GET /v2/library/app/manifests/latest")
        guard manifest.body == image.manifest.bytes else { return false }
        for blob in image.blobs {
            guard try await mirror.pull(blob).receiveRest() else { return false }
        }
        return true
    }

    @Test func aPrivateImageIsPulledByClientsWithoutCredentials() async throws {
        upstream.require(.bearer(TokenPolicy(user: "ann", password: "s3cret")))
        upstream.redirectBlobs()
        let mirror = try await ServedMirror(of: upstream, credentials: ann)
        #expect(try await isPulled(through: mirror))
        // printf 'ann:s3cret' | base64
        let tokens = upstream.requests(.token)
        #expect(tokens.map { $0.field("Authorization") } == ["Basic YW5uOnMzY3JldA=="])
        let redirected = upstream.requests(.redirect())
        #expect(redirected.allSatisfy { $0.field("Authorization") == "Bearer token-1" })
        // Links are signed; whoever sends them a token as well tells it to strangers.
        let content = upstream.requests(.blob())
        #expect(content.count == image.blobs.count)
        #expect(content.allSatisfy { $0.field("Authorization") == nil })
        #expect(content.allSatisfy { $0.field("Host") == upstream.contentHost })
    }

    @Test func oneTokenIsFetchedForManyWhoWait() async throws {
        upstream.require(.bearer(TokenPolicy()))
        let blobs = (0..<20).map { SampleBlob(seed: UInt64(100 + $0), size: 5_000) }
        for blob in blobs { upstream.addBlob(blob) }
        let mirror = try await ServedMirror(of: upstream)
        // Nobody hears of the challenge before everybody has asked, so that all are refused.
        let challenges = upstream.hold(.blob(), .times(blobs.count))
        let token = upstream.hold(.token)
        var pulls: [BlobPull] = []
        for blob in blobs { pulls.append(try await mirror.pull(blob)) }
        await challenges.reached(blobs.count)
        challenges.release()
        await token.reached()
        token.release()
        for pull in pulls { #expect(try await pull.receiveRest()) }
        #expect(upstream.count(.token) == 1)
        #expect(upstream.count(.blob()) == 2 * blobs.count)
    }

    @Test func aTokenThatIsRevokedIsReplacedUnnoticed() async throws {
        upstream.require(.bearer(TokenPolicy()))
        let mirror = try await ServedMirror(of: upstream)
        #expect(try await mirror.pull(image.layers[0]).receiveRest())
        upstream.revokeTokens()
        #expect(try await mirror.pull(image.layers[1]).receiveRest())
        #expect(upstream.count(.token) == 2)
    }

    @Test func aForeignRealmNeverGetsThePassword() async throws {
        let foreign = try ScriptedUpstream()
        foreign.require(.bearer(TokenPolicy()))
        upstream.fail(.any, with: .challenge(realm: "\(foreign.url)/token"))
        let mirror = try await ServedMirror(of: upstream, credentials: ann)
        let answer = try await mirror.ask("GET /v2/library/app/manifests/latest")
        // What may not be had is as if it were not there: clients do not ask for a login here.
        #expect(answer.status == 404)
        #expect(answer.text.contains("NAME_UNKNOWN"))
        #expect(foreign.requests.isEmpty == false)
        for request in foreign.requests {
            #expect(request.field("Authorization") == nil)
            #expect(!request.target.contains("ann"))
        }
    }

    @Test(arguments: [301, 302, 303, 307, 308])
    func anotherHostThatOneIsSentToNeverGetsTheToken(_ status: Int) async throws {
        let other = try ScriptedUpstream()
        other.add(image, to: "library/app", tags: "latest")
        upstream.require(.bearer(TokenPolicy()))
        let mirror = try await ServedMirror(of: upstream)
        // A first pull leaves a token in the mirror's hands.
        #expect(try await mirror.pull(image.config).receiveRest())
        for layer in image.layers {
            let place = "\(other.url)\(ServedMirror.path(of: layer))"
            upstream.fail(.blob(layer.digest), with: .redirect(status, to: place))
            #expect(try await mirror.pull(layer).receiveRest())
        }
        #expect(other.requests.count == image.layers.count)
        #expect(other.requests.allSatisfy { $0.field("Authorization") == nil })
        #expect(upstream.requests(.blob()).last?.field("Authorization") == "Bearer token-1")
    }

    @Test func aRedirectToWhatOnlyTheMirrorReachesIsNotFollowed() async throws {
        let mirror = try await ServedMirror(of: upstream)
        for place in ["http://169.254.169.254/latest/meta-data", "http://10.0.0.1:8080/"] {
            upstream.fail(.any, with: .redirect(307, to: place), .times(2))
            let manifest = try await mirror.ask("GET /v2/library/app/manifests/latest")
            #expect(manifest.status == 502)
            #expect(manifest.text.contains("under proxy.redirects"))
            let blob = try await mirror.ask("GET \(ServedMirror.path(of: image.config))")
            #expect(blob.status == 502)
        }
        #expect(try await isPulled(through: mirror))
    }

    @Test func aTokenServiceThatOnlyTheMirrorReachesIsNotAsked() async throws {
        let mirror = try await ServedMirror(
            of: upstream,
            credentials: RegistryCredentials(username: "ann", password: Secret("s3cret")))
        upstream.fail(.any, with: .challenge(realm: "http://169.254.169.254/token"), .once)
        let answer = try await mirror.ask("GET /v2/library/app/manifests/latest")
        #expect(answer.status == 502)
        #expect(answer.text.contains("list 169.254.169.254 under proxy.redirects"))
        #expect(upstream.requests.count == 1)
    }
}
