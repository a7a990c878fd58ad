import FoundationEssentials
import MirrorCore
import MirrorTesting
import Testing

@testable import MirrorHTTP

/// What the API answers beside content.
@Suite struct RegistryErrorTests {
    private let registry = RegistryUnderTest()
    private static let digest = "sha256:" + String(repeating: "a", count: 64)

    private struct Envelope: Decodable {
        struct Entry: Decodable {
            let code: String
            let message: String
            let detail: String?
        }

        let errors: [Entry]
    }

    private func only(_ answer: RegistryUnderTest.Answer) throws -> Envelope.Entry {
        #expect(answer[.contentType] == "application/json")
        let envelope = try JSONDecoder().decode(Envelope.self, from: Data(answer.body ?? []))
        #expect(envelope.errors.count == 1)
        return try #require(envelope.errors.first)
    }

    // MARK: Fixed answers

    @Test func theBaseSaysThatThisIsARegistry() async {
        for method in ["GET", "HEAD"] {
            let answer = await registry.ask(method, "/v2/?ns=docker.io")
            #expect(answer.status == .ok)
            #expect(answer.text == "{}")
            #expect(answer[.dockerAPIVersion] == "registry/2.0")
            #expect(answer[.contentType] == "application/json")
        }
        #expect(registry.upstream.questions.isEmpty)
    }

    @Test func theBaseWithoutItsSlashIsRedirected() async {
        let answer = await registry.ask("GET", "/v2")
        #expect(answer.status == .movedPermanently)
        #expect(answer[.location] == "/v2/")
    }

    @Test func theRootAnswersProbes() async {
        let answer = await registry.ask("GET", "/")
        #expect(answer.status == .ok)
        #expect(answer.body == [])
        #expect(answer[.cacheControl] == "no-cache")
    }

    @Test(arguments: ["/favicon.ico", "/v1/", "/v2/library/a", "/v2/a/tags", "/v2/a/other/x"])
    func otherPathsAreNotFound(_ target: String) async throws {
        let answer = await registry.ask("GET", target)
        #expect(answer.status == .notFound)
        #expect(answer[.contentType] == "application/json")
        #expect(try only(answer).code == "NAME_UNKNOWN")
        #expect(answer[.dockerAPIVersion] == "registry/2.0")
    }

    @Test func anAnswerThatDoesNotComeIsToldAsOne() async throws {
        let refusal = registry.responder.refusal(.serviceUnavailable, "it did not come in time")
        #expect(refusal.status == .serviceUnavailable)
        #expect(refusal.fields[.contentType] == "application/json")
        guard case .bytes(let body) = refusal.body else {
            Issue.record("it has no body")
            return
        }
        let error = try JSONDecoder().decode(Envelope.self, from: Data(body)).errors.first
        #expect(error?.code == "UNAVAILABLE" && error?.detail == "it did not come in time")
    }

    @Test(arguments: [".x", ".INVALID_MANIFEST_NAME", String(repeating: "x", count: 129)])
    func whatCannotBeATagNamesNoManifest(_ reference: String) async throws {
        for method in ["GET", "HEAD"] {
            let answer = await registry.ask(method, "/v2/a/manifests/\(reference)")
            #expect(answer.status == .notFound)
            #expect(try only(answer).code == "MANIFEST_UNKNOWN")
        }
        #expect(registry.upstream.questions.isEmpty)
    }

    @Test func aPrefixStandsInEveryLink() async {
        var options = RegistryResponder.Options()
        options.prefix = "/mirror/"
        options.tagPageLimit = 1
        let registry = RegistryUnderTest(options)
        registry.upstream.add(SampleImage(seed: 1).manifest, "x", "y")
        #expect(await registry.ask("GET", "/mirror/v2/").text == "{}")
        #expect(await registry.ask("GET", "/mirror/v2")[.location] == "/mirror/v2/")
        #expect(await registry.ask("GET", "/v2/").status == .notFound)
        let tags = await registry.ask("GET", "/mirror/v2/a/tags/list?n=1")
        #expect(tags[.link] == "</mirror/v2/a/tags/list?last=x&n=1>; rel=\"next\"")
    }

    @Test func extraFieldsStandInEveryAnswerOfTheAPI() async {
        var options = RegistryResponder.Options()
        options.extraFields = [("X-Content-Type-Options", "nosniff"), ("X-A", "1"), ("X-A", "2")]
        let registry = RegistryUnderTest(options)
        for target in ["/v2/", "/v2", "/v2/_catalog", "/v2/a/manifests/x", "/v2/A/tags/list"] {
            let answer = await registry.ask("GET", target)
            #expect(answer["X-Content-Type-Options"] == "nosniff")
            #expect(answer.fields.values(of: "X-A") == ["1", "2"])
        }
    }

    // MARK: Refusals

    @Test(arguments: [
        ("POST", "/v2/library/a/blobs/uploads/"),
        ("POST", "/v2/library/a/blobs/uploads/?mount=\(digest)&from=b"),
        ("PATCH", "/v2/library/a/blobs/uploads/1234"),
        ("PUT", "/v2/library/a/blobs/uploads/1234?digest=\(digest)"),
        ("GET", "/v2/library/a/blobs/uploads/1234"),
        ("DELETE", "/v2/library/a/blobs/\(digest)"),
        ("PUT", "/v2/library/a/manifests/latest"),
        ("DELETE", "/v2/library/a/manifests/\(digest)"),
        ("POST", "/v2/_catalog"),
        ("DELETE", "/v2/library/a/tags/list"),
        ("OPTIONS", "/v2/library/a/manifests/latest"),
    ])
    func whatWouldWriteIsUnsupported(_ method: String, _ target: String) async throws {
        let answer = await registry.ask(method, target)
        #expect(answer.status == .methodNotAllowed)
        #expect(answer[.allow] == "GET, HEAD")
        let error = try only(answer)
        #expect(error.code == "UNSUPPORTED")
        #expect(error.message == "The operation is unsupported.")
        #expect(registry.upstream.questions.isEmpty)
    }

    @Test(
        arguments: [
            ("/v2/Library/a/tags/list", "NAME_INVALID", "Library/a"),
            ("/v2/a--/manifests/x", "NAME_INVALID", "a--"),
            ("/v2/\(String(repeating: "a", count: 256))/tags/list", "NAME_INVALID", nil),
            ("/v2/a/manifests/md5:00", "DIGEST_INVALID", "md5:00"),
            ("/v2/a/blobs/sha256:00", "DIGEST_INVALID", "sha256:00"),
            ("/v2/a/blobs/%22%0a%01", "DIGEST_INVALID", "\"\n\u{1}"),
        ] as [(String, String, String?)])
    func whatDoesNotFollowTheGrammarIsABadRequest(
        _ target: String, _ code: String, _ detail: String?
    ) async throws {
        let answer = await registry.ask("GET", target)
        #expect(answer.status == .badRequest)
        let error = try only(answer)
        #expect(error.code == code)
        if let detail { #expect(error.detail == detail) }
        #expect(registry.upstream.questions.isEmpty)
    }

    // MARK: What upstream says

    @Test(arguments: [
        (UpstreamError.Code.notFound, 404, "MANIFEST_UNKNOWN", "BLOB_UNKNOWN"),
        (.denied, 404, "NAME_UNKNOWN", "NAME_UNKNOWN"),
        (.rateLimited, 429, "TOOMANYREQUESTS", "TOOMANYREQUESTS"),
        (.unavailable, 503, "UNAVAILABLE", "UNAVAILABLE"),
        (.invalid, 502, "UNKNOWN", "UNKNOWN"),
    ])
    func errorsOfUpstreamSendClientsOnTheirWay(
        _ code: UpstreamError.Code, _ status: Int, _ ofManifest: String, _ ofBlob: String
    ) async throws {
        registry.upstream.fail(with: UpstreamError(code, "upstream said \"\u{1b}[0m\"\n"))
        for (target, expected) in [
            ("/v2/a/manifests/latest", ofManifest), ("/v2/a/manifests/\(Self.digest)", ofManifest),
            ("/v2/a/blobs/\(Self.digest)", ofBlob),
        ] {
            let answer = await registry.ask("HEAD", target)
            #expect(answer.status.code == status)
            let error = try only(answer)
            #expect(error.code == expected)
            #expect(error.detail == "upstream said \"\u{1b}[0m\"\n")
            #expect(answer[.retryAfter] == nil)
            #expect(answer[.wwwAuthenticate] == nil)
            #expect(answer.note("err.code") == .string(expected.lowercased()))
        }
    }

    @Test func deniedIsToldHonestly() async throws {
        registry.upstream.fail(with: UpstreamError(.denied, "401 from upstream"))
        let error = try only(await registry.ask("GET", "/v2/a/manifests/latest"))
        #expect(error.message.contains("denies access"))
        #expect(error.detail == "401 from upstream")
    }

    @Test func aRateLimitSaysWhenToComeBack() async {
        let delays = [(Duration.seconds(60), "60"), (.milliseconds(1500), "2"), (.zero, "1")]
        for (delay, field) in delays {
            registry.upstream.fail(
                with: UpstreamError(.rateLimited, "slow down", retryAfter: delay))
            let answer = await registry.ask("GET", "/v2/a/manifests/latest")
            #expect(answer.status == .tooManyRequests)
            #expect(answer[.retryAfter] == field)
        }
    }

    @Test func retryAfterIsPassedOnWhereUpstreamIsUnavailable() async {
        registry.upstream.fail(
            with: UpstreamError(.unavailable, "maintenance", retryAfter: .seconds(120)))
        let answer = await registry.ask("GET", "/v2/a/manifests/latest")
        #expect(answer.status == .serviceUnavailable)
        #expect(answer[.retryAfter] == "120")
    }
}
