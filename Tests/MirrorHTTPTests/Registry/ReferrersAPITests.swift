import MirrorCore
import MirrorTesting
import Testing

@testable import MirrorHTTP

/// `GET /v2/<name>/referrers/<digest>`.
@Suite struct ReferrersAPITests {
    private let registry = RegistryUnderTest()
    private let subject = SampleImage(seed: 1).manifest.digest
    private let index = FetchedManifest(
        bytes: Array(
            """
            {"schemaVersion":2,"manifests":[{"artifactType":"a/one"},{"artifactType":"a/two+x"}]}
            """.utf8), mediaType: .ociIndex)

    private var target: String { "/v2/library/a/referrers/\(subject)" }

    @Test func theIndexComesAsUpstreamHasIt() async {
        registry.upstream.add(referrers: index, of: subject)
        let answer = await registry.ask("GET", target)
        #expect(answer.status == .ok && answer.body == index.bytes)
        #expect(answer[.contentType] == "application/vnd.oci.image.index.v1+json")
        #expect(answer[.ociFiltersApplied] == nil && answer[.link] == nil)
        #expect(answer.note("cache") == .string("miss"))
        #expect(registry.upstream.questions == ["referrers"])
    }

    @Test func whatIsOfAnotherTypeIsLeftOutAndThatIsSaid() async {
        registry.upstream.add(referrers: index, of: subject)
        let answer = await registry.ask("GET", target + "?artifactType=a%2Ftwo%2Bx")
        #expect(answer.text == #"{"manifests":[{"artifactType":"a/two+x"}],"schemaVersion":2}"#)
        #expect(answer[.ociFiltersApplied] == "artifactType")
        // Asked for whole, so that one answer serves every type.
        #expect(registry.upstream.questions == ["referrers"])
        let all = await registry.ask("GET", target + "?artifactType=")
        #expect(all.body == index.bytes && all[.ociFiltersApplied] == nil)
    }

    @Test func upstreamsLinkLeadsToItsNextPage() async {
        registry.upstream.add(referrers: index, of: subject)
        registry.upstream.page(by: "token=a/b&x=1")
        let answer = await registry.ask("GET", target + "?artifactType=a/one")
        let next = "\(target)?cursor=token%3Da/b%26x%3D1&artifactType=a/one"
        #expect(answer[.link] == "<\(next)>; rel=\"next\"")
        let second = await registry.ask("GET", next)
        #expect(second.status == .ok && second[.ociFiltersApplied] == "artifactType")
        #expect(registry.upstream.questions == ["referrers", "referrers at token=a/b&x=1"])
    }

    @Test func anUpstreamThatHasNothingIsAnEmptyIndex() async {
        let answer = await registry.ask("GET", target)
        #expect(answer.status == .ok)
        #expect(answer[.contentType] == "application/vnd.oci.image.index.v1+json")
        #expect(
            answer.text
                == #"{"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","#
                + #""manifests":[]}"#)
        #expect(
            registry.upstream.questions == [
                "referrers", "tag \(subject.algorithm)-\(subject.hex)",
            ])
    }

    @Test func whatWasListedIsListedWhenUpstreamCannotSay() async {
        registry.upstream.add(referrers: index, of: subject)
        _ = await registry.ask("GET", target)
        registry.upstream.fail(with: UpstreamError(.unavailable, "down"))
        let answer = await registry.ask("GET", target)
        #expect(answer.status == .ok && answer.body == index.bytes)
        #expect(answer[.warning]?.hasPrefix("299 - ") == true && answer[.age] != nil)
        #expect(answer.note("cache") == .string("stale"))
    }

    @Test func anUpstreamThatCannotSayIsNoListOfNone() async {
        registry.upstream.fail(with: UpstreamError(.unavailable, "down"))
        #expect(await registry.ask("GET", target).status == .serviceUnavailable)
    }

    @Test func aListIsNeverTakenForAManifest() async {
        registry.upstream.add(referrers: index, of: subject)
        _ = await registry.ask("GET", target)
        let digest = Digest(of: index.bytes)
        for reference in [digest.text, "\(subject.algorithm)-\(subject.hex)"] {
            let answer = await registry.ask("GET", "/v2/library/a/manifests/\(reference)")
            #expect(answer.status == .notFound)
        }
    }
}
