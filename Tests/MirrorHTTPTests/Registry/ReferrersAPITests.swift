import MirrorCore
import MirrorTesting
import Testing

@testable import MirrorHTTP

/// `GET /v2/<name>/referrers/<digest>`.
@Suite struct ReferrersAPITests {
    private let registry = RegistryUnderTest()
    private let subject = SampleImage(seed: 1).manifest.digest
    private let index = FetchedManifest(
        bytes: Array(#"{"schemaVersion":2,"manifests":[]}"#.utf8), mediaType: .ociIndex)

    private var target: String { "/v2/library/a/referrers/\(subject)" }

    @Test func theIndexComesAsUpstreamHasIt() async {
        registry.upstream.add(referrers: index, of: subject)
        let answer = await registry.ask("GET", target)
        #expect(answer.status == .ok && answer.body == index.bytes)
        #expect(answer[.contentType] == "application/vnd.oci.image.index.v1+json")
        #expect(answer.note("cache") == .string("miss"))
        #expect(registry.upstream.questions == ["referrers"])
    }

    @Test func theTypeOfArtifactIsPassedOn() async {
        registry.upstream.add(referrers: index, of: subject)
        _ = await registry.ask("GET", target + "?artifactType=application%2Fvnd.example%2Bjson")
        #expect(
            registry.upstream.questions == ["referrers of type application/vnd.example+json"])
    }

    @Test func anUpstreamWithoutThemIs404SoThatClientsLookForTheTag() async {
        let answer = await registry.ask("GET", target)
        #expect(answer.status == .notFound)
        #expect(answer.text.contains(#""code":"MANIFEST_UNKNOWN""#))
    }

    @Test func anUpstreamThatCannotSayIsNoListOfNone() async {
        registry.upstream.fail(with: UpstreamError(.unavailable, "down"))
        #expect(await registry.ask("GET", target).status == .serviceUnavailable)
    }
}
