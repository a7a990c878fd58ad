import MirrorCore
import MirrorTesting
import Testing

@testable import MirrorHTTP

@Suite struct RegistryRouteTests {
    private static let digest = "sha256:" + String(repeating: "a", count: 64)

    private func route(_ path: String, prefix: String = "/") -> RegistryRoute {
        RequestTarget(path).withPath { RegistryRoute(path: $0, prefix: prefix) } ?? .unknown
    }

    @Test func theFixedPathsAreKnown() {
        #expect(route("/") == .alive)
        #expect(route("/v2") == .baseWithoutSlash)
        #expect(route("/v2/") == .base)
        #expect(route("/v2/_catalog") == .catalog)
    }

    @Test func resourcesAreNamedByTheEndOfThePath() throws {
        let name = try #require(RepositoryName("manifests/blobs/tags"))
        let digest = try #require(Digest(Self.digest))
        let tag = try #require(Tag("list"))
        let base = "/v2/manifests/blobs/tags"
        #expect(route("\(base)/manifests/list") == .manifest(name, .tag(tag)))
        #expect(route("\(base)/manifests/\(digest)") == .manifest(name, .digest(digest)))
        #expect(route("\(base)/blobs/\(digest)") == .blob(name, digest))
        #expect(route("\(base)/tags/list") == .tags(name))
        #expect(route("\(base)/referrers/\(digest)") == .referrers(name, digest))
        #expect(route("\(base)/blobs/uploads/") == .upload)
        #expect(route("\(base)/blobs/uploads") == .upload)
        #expect(route("\(base)/blobs/uploads/0c5e") == .upload)
    }

    @Test func percentEncodedPathsMeanTheSame() throws {
        let name = try #require(RepositoryName("library/a"))
        let digest = try #require(Digest(Self.digest))
        let encoded = Self.digest.replacing(":", with: "%3A")
        #expect(route("/v2/library/a/blobs/\(encoded)") == .blob(name, digest))
        #expect(
            route("/v2/library/%61/manifests/\(encoded.replacing("%3A", with: "%3a"))")
                == .manifest(name, .digest(digest)))
    }

    @Test(arguments: [
        "", "v2/", "/v1/", "/v2//", "/v3/a/tags/list", "/v2/a", "/v2/a/tags", "/v2/a/tags/",
        "/v2/a/tags/List", "/v2/tags/list", "/v2/a/b/c/d", "/v2/a/%", "/v2/a/%4/tags/list",
        "/v2/%ff/tags/list", "/v2/_catalog/", "/favicon.ico",
    ])
    func otherPathsAreUnknown(_ path: String) {
        #expect(route(path) == .unknown)
    }

    @Test func whatDoesNotFollowTheGrammarIsNamed() {
        #expect(route("/v2/Upper/tags/list") == .invalidName("Upper"))
        #expect(route("/v2/a/../b/tags/list") == .invalidName("a/../b"))
        #expect(route("/v2//a/tags/list") == .invalidName("/a"))
        #expect(route("/v2/%2e%2e%2fetc/tags/list") == .invalidName("../etc"))
        #expect(route("/v2/a/manifests/-x") == .invalidReference("-x"))
        #expect(route("/v2/a/manifests/") == .invalidReference(""))
        #expect(route("/v2/a/manifests/sha256:12") == .invalidDigest("sha256:12"))
        #expect(route("/v2/a/blobs/latest") == .invalidDigest("latest"))
        #expect(route("/v2/a/referrers/x") == .invalidDigest("x"))
    }

    @Test func aPrefixStandsBeforeAllButTheProbe() {
        #expect(route("/", prefix: "/reg/") == .alive)
        #expect(route("/reg/", prefix: "/reg/") == .alive)
        #expect(route("/reg/v2/", prefix: "/reg/") == .base)
        #expect(route("/v2/", prefix: "/reg/") == .unknown)
        #expect(route("/reg/v2/_catalog", prefix: "/reg/") == .catalog)
    }

    @Test(
        arguments: [
            ("a%20b", "a b"), ("%C3%A9", "é"), ("plain", "plain"), ("%", nil), ("%4", nil),
            ("%zz", nil), ("%ff", nil), ("%+1", nil), ("%00", "\0"),
        ] as [(String, String?)])
    func percentDecodingIsStrict(_ text: String, _ expected: String?) {
        #expect(percentDecoded(text[...]) == expected)
    }

    @Test func anyPathIsARouteOfAtMostOneMeaning() {
        var random = SeededRandom(seed: 41)
        let parts = [
            "/", "v2", "a", "-", "_", "..", "%2F", "%", "%00", "manifests", "blobs", "uploads",
            "tags", "list", "referrers", "_catalog", ":", "sha256:", Self.digest, "?", "é", "A",
        ]
        for _ in 0..<20_000 {
            var path = "/v2/"
            for _ in 0..<Int.random(in: 0..<8, using: &random) {
                path += parts.randomElement(using: &random) ?? ""
                if Bool.random(using: &random) { path += "/" }
            }
            switch route(path) {
            case .manifest(let name, let reference):
                #expect(route("/v2/\(name)/manifests/\(reference)") == route(path))
            case .blob(let name, let digest):
                #expect(route("/v2/\(name)/blobs/\(digest)") == route(path))
            default: continue
            }
        }
    }

    @Test func theQueryIsReadByName() {
        let target = RequestTarget("/v2/_catalog?n=5&last=a%2Fb&empty=&bare")
        #expect(path(target) == "/v2/_catalog")
        #expect(target["n"] == "5")
        #expect(target["last"] == "a/b")
        #expect(target["empty"] == "" && target["bare"] == "")
        #expect(target["other"] == nil)
        #expect(path(RequestTarget("http://mirror.test/v2/?n=1")) == "/v2/")
        #expect(path(RequestTarget("http://mirror.test?n=1")) == "")
        #expect(path(RequestTarget("/v2/a%2")) == nil)
    }

    private func path(_ target: RequestTarget) -> String? {
        target.withPath { String(utf8: $0) }
    }
}
