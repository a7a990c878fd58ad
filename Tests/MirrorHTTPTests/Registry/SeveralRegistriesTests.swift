import MirrorCore
import MirrorTesting
import Testing

@testable import MirrorHTTP

/// Requests that mean one registry of several.
@Suite struct SeveralRegistriesTests {
    private let hub = UpstreamDouble()
    private let ghcr = UpstreamDouble()
    private let registry: RegistryUnderTest
    private let manifest = SampleImage(seed: 1).manifest

    init() {
        var options = RegistryResponder.Options()
        options.upstreams = UpstreamDirectory(
            main: .init(.dockerHub), others: [.init(Self.name, hosts: ["ghcr.mirror.test"])])
        registry = RegistryUnderTest(
            options, upstream: UpstreamRouter(main: hub, others: [Self.name: ghcr]))
    }

    private static let name: UpstreamName = {
        guard let name = UpstreamName("ghcr.io") else { preconditionFailure("no name") }
        return name
    }()

    @Test(arguments: [
        ("/v2/owner/app/manifests/v1?ns=ghcr.io", "mirror:5000"),
        ("/v2/ghcr.io/owner/app/manifests/v1", "mirror:5000"),
        ("/v2/owner/app/manifests/v1", "ghcr.io"),
        ("/v2/owner/app/manifests/v1", "ghcr.mirror.test:5000"),
    ])
    func everyWayLeadsToTheRegistryThatIsMeant(_ target: String, _ host: String) async {
        ghcr.add(manifest, "v1")
        let answer = await registry.ask("GET", target, [.host: host])
        #expect(answer.status == .ok)
        #expect(answer.body == manifest.bytes)
        #expect(hub.questions == [])
    }

    @Test func whatComesOneWayIsAHitAllOtherWays() async {
        ghcr.add(manifest)
        let digest = manifest.digest
        _ = await registry.ask("GET", "/v2/ghcr.io/owner/app/manifests/\(digest)")
        for (target, host) in [
            ("/v2/owner/app/manifests/\(digest)?ns=GHCR.IO", "m"),
            ("/v2/owner/app/manifests/\(digest)", "ghcr.io"),
        ] {
            let answer = await registry.ask("GET", target, [.host: host])
            #expect(answer.note("cache") == .string("hit"))
        }
        let other = await registry.ask("GET", "/v2/owner/app/manifests/\(digest)")
        #expect(other.status == .notFound)
    }

    @Test(arguments: [
        "manifests/latest", "blobs/\(Digest(of: []))", "tags/list", "referrers/\(Digest(of: []))",
    ])
    func anUnknownRegistryIsNameUnknownAndNobodyIsAsked(_ resource: String) async {
        hub.add(manifest, "latest")
        ghcr.add(manifest, "latest")
        for target in [
            "/v2/owner/app/\(resource)?ns=quay.io", "/v2/ghcr.io/a/\(resource)?ns=docker.io",
        ] {
            let answer = await registry.ask("GET", target)
            #expect(answer.status == .notFound)
            #expect(answer.text.contains(#""code":"NAME_UNKNOWN""#))
            #expect(answer.text.contains("is not mirrored here"))
        }
        #expect(hub.questions + ghcr.questions == [])
    }

    @Test func whoSaysWhichRegistryIsToldThatItWasHeeded() async {
        ghcr.add(manifest, "v1")
        let digest = Digest(of: [])
        let found = await registry.ask("HEAD", "/v2/owner/app/manifests/v1?ns=ghcr.io")
        #expect(found[.ociNamespace] == "ghcr.io")
        let missing = await registry.ask("GET", "/v2/a/b/blobs/\(digest)?x=y&ns=docker%2Eio")
        #expect(missing.status == .notFound)
        #expect(missing[.ociNamespace] == "docker.io")
        for target in [
            "/v2/a/b/blobs/\(digest)", "/v2/a/b/blobs/\(digest)?ns=", "/v2/?ns=ghcr.io",
            "/v2/a/b/blobs/\(digest)?ns=quay.io", "/v2/_catalog?ns=ghcr.io",
        ] {
            let answer = await registry.ask("GET", target)
            #expect(answer[.ociNamespace] == nil, "\(target)")
        }
    }

    @Test func aLinkToTheNextPageLeadsToTheSameRegistry() async {
        ghcr.add(manifest, "a", "b", "c")
        let byNamespace = await registry.ask("GET", "/v2/owner/app/tags/list?ns=ghcr.io&n=2")
        #expect(byNamespace.text == #"{"name":"owner/app","tags":["a","b"]}"# + "\n")
        #expect(
            byNamespace[.link] == "</v2/owner/app/tags/list?last=b&n=2&ns=ghcr.io>; rel=\"next\"")
        let byPath = await registry.ask("GET", "/v2/ghcr.io/owner/app/tags/list?n=2")
        #expect(byPath.text == #"{"name":"ghcr.io/owner/app","tags":["a","b"]}"# + "\n")
        #expect(byPath[.link] == "</v2/ghcr.io/owner/app/tags/list?last=b&n=2>; rel=\"next\"")
        let end = await registry.ask("GET", "/v2/owner/app/tags/list?last=b&n=2&ns=ghcr.io")
        #expect(end.text == #"{"name":"owner/app","tags":["c"]}"# + "\n")
    }

    @Test func aRedirectLeadsToTheSameRegistry() async {
        let answer = await registry.ask("GET", "/v2?ns=ghcr.io")
        #expect(answer.status == .movedPermanently)
        #expect(answer[.location] == "/v2/?ns=ghcr.io")
    }

    @Test func theCatalogListsWhatMayBeAskedForByPath() async {
        hub.add(manifest, "v1")
        ghcr.add(manifest, "v1")
        for target in ["/v2/busybox/manifests/v1", "/v2/owner/app/manifests/v1?ns=ghcr.io"] {
            #expect(await registry.ask("GET", target).status == .ok)
        }
        let answer = await registry.ask("GET", "/v2/_catalog")
        #expect(
            answer.text == #"{"repositories":["ghcr.io/owner/app","library/busybox"]}"# + "\n")
        let page = await registry.ask("GET", "/v2/_catalog?n=1&ns=ghcr.io")
        #expect(
            page[.link]
                == "</v2/_catalog?last=ghcr.io/owner/app&n=1&ns=ghcr.io>; rel=\"next\"")
    }

    @Test(arguments: [
        "/v2/busybox/manifests/v1", "/v2/docker.io/busybox/manifests/v1",
        "/v2/library/busybox/manifests/v1", "/v2/library/busybox/manifests/v1?ns=docker.io",
        "/v2/docker.io/library/busybox/manifests/v1",
    ])
    func dockersOwnShortNamesWork(_ target: String) async {
        hub.add(manifest, "v1")
        #expect(await registry.ask("GET", target).status == .ok)
        let catalog = await registry.ask("GET", "/v2/_catalog")
        #expect(catalog.text == #"{"repositories":["library/busybox"]}"# + "\n")
    }

    @Test func aMirrorOfOneRegistryWithoutANameLooksAtNoNamespace() async {
        let alone = RegistryUnderTest()
        alone.upstream.add(manifest, "v1")
        let answer = await alone.ask("GET", "/v2/library/busybox/manifests/v1?ns=docker.io")
        #expect(answer.status == .ok)
        #expect(answer[.ociNamespace] == nil)
        let catalog = await alone.ask("GET", "/v2/_catalog")
        #expect(catalog.text == #"{"repositories":["library/busybox"]}"# + "\n")
    }
}
