import MirrorCore
import MirrorTesting
import Testing

@testable import MirrorHTTP

/// `GET` and `HEAD /v2/<name>/manifests/<reference>`.
@Suite struct ManifestAPITests {
    private let registry = RegistryUnderTest()
    private let image = SampleImage(seed: 1)

    private var manifest: SampleManifest { image.manifest }

    init() {
        registry.upstream.add(manifest, "latest")
    }

    private var byTag: String { "/v2/library/a/manifests/latest" }
    private var byDigest: String { "/v2/library/a/manifests/\(manifest.digest)" }

    @Test func aManifestComesByteForByteWithTheFieldsThatClientsNeed() async {
        for target in [byTag, byDigest, byDigest.replacing("sha256:", with: "sha256%3A")] {
            let answer = await registry.ask("GET", target)
            #expect(answer.status == .ok)
            #expect(answer.body == manifest.bytes)
            let fields = answer.fields.all.map { "\($0.name): \($0.value)" }.sorted()
            #expect(
                fields == [
                    "Content-Type: application/vnd.oci.image.manifest.v1+json",
                    "Docker-Content-Digest: \(manifest.digest)",
                    "Docker-Distribution-Api-Version: registry/2.0",
                    "ETag: \"\(manifest.digest)\"",
                ])
        }
    }

    @Test func headSaysTheSameAndFetchesNoManifestByTag() async {
        let answer = await registry.ask("HEAD", byTag)
        #expect(answer.status == .ok)
        #expect(answer.body == [])
        #expect(answer.size == Int64(manifest.bytes.count))
        #expect(answer[.contentType] == "application/vnd.oci.image.manifest.v1+json")
        #expect(answer[.dockerContentDigest] == manifest.digest.text)
        #expect(answer[.etag] == "\"\(manifest.digest)\"")
        #expect(registry.upstream.questions == ["tag latest"])
    }

    @Test func indexesAndDockersTypesKeepTheirs() async {
        let index = SampleIndex(seed: 2, flavor: .docker)
        registry.upstream.add(index.manifest, "multi")
        let answer = await registry.ask("GET", "/v2/library/a/manifests/multi")
        #expect(
            answer[.contentType] == "application/vnd.docker.distribution.manifest.list.v2+json")
        #expect(answer.body == index.manifest.bytes)
    }

    // MARK: Accept

    private static let oneImage = MediaType.dockerManifest.text

    @Test(arguments: [
        nil, "*/*", "text/html, */*;q=0.1", "application/*", MediaType.dockerList.text,
        "\(oneImage), \(MediaType.dockerList)",
    ])
    func aListIsServedToWhoeverMayUnderstandIt(_ accept: String?) async {
        let index = SampleIndex(seed: 2, flavor: .docker)
        registry.upstream.add(index.manifest, "multi")
        for image in index.images { registry.upstream.add(image.manifest) }
        let target = "/v2/library/a/manifests/multi"
        let answer =
            if let accept { await registry.ask("GET", target, [.accept: accept]) } else {
                await registry.ask("GET", target)
            }
        #expect(answer.body == index.manifest.bytes)
    }

    @Test(arguments: [oneImage, "\(oneImage), */*;q=0, application/json"])
    func whoeverKnowsNoListsGetsAnImageOfIt(_ accept: String) async {
        let index = SampleIndex(seed: 2, flavor: .docker)
        registry.upstream.add(index.manifest, "multi")
        for image in index.images { registry.upstream.add(image.manifest) }
        let image = index.images[0].manifest
        for method in ["HEAD", "GET"] {
            let answer = await registry.ask(
                method, "/v2/library/a/manifests/multi", [.accept: accept])
            #expect(answer[.dockerContentDigest] == image.digest.text)
            #expect(answer[.contentType] == Self.oneImage)
            #expect(answer.size == Int64(image.bytes.count))
        }
        // What is asked for by its digest is what it is.
        let list = await registry.ask(
            "GET", "/v2/library/a/manifests/\(index.manifest.digest)", [.accept: accept])
        #expect(list.body == index.manifest.bytes)
    }

    @Test func aListWithoutAnImageForOldClientsIsServedAsItIs() async {
        let index = SampleIndex(seed: 2, architectures: ["arm64"], flavor: .docker)
        registry.upstream.add(index.manifest, "multi")
        let answer = await registry.ask(
            "GET", "/v2/library/a/manifests/multi", [.accept: Self.oneImage])
        #expect(answer.body == index.manifest.bytes)
    }

    @Test(arguments: ["text/html", MediaType.ociIndex.text, "\(oneImage);q=0"])
    func allElseIsServedWhateverTheClientTakes(_ accept: String) async {
        #expect(await registry.ask("GET", byTag, [.accept: accept]).body == manifest.bytes)
        let index = SampleIndex(seed: 3)
        registry.upstream.add(index.manifest, "multi")
        let answer = await registry.ask(
            "GET", "/v2/library/a/manifests/multi", [.accept: accept])
        #expect(answer.body == index.manifest.bytes)
    }

    // MARK: Conditions

    @Test(arguments: [
        "\"DIGEST\"", "DIGEST", "W/\"DIGEST\"", "*", "\"other\", \"DIGEST\"", "\"a\",DIGEST",
    ])
    func aClientThatHasItGetsNotModified(_ condition: String) async {
        let value = condition.replacing("DIGEST", with: manifest.digest.text)
        for method in ["GET", "HEAD"] {
            for target in [byTag, byDigest] {
                let answer = await registry.ask(method, target, [.ifNoneMatch: value])
                #expect(answer.status == .notModified)
                #expect(answer.body == [])
                #expect(answer[.etag] == "\"\(manifest.digest)\"")
                #expect(answer[.dockerContentDigest] == manifest.digest.text)
            }
        }
    }

    @Test(arguments: ["\"other\"", "", "sha256:", "\"*\""])
    func aClientThatHasAnotherGetsThisOne(_ condition: String) async {
        let answer = await registry.ask("GET", byTag, [.ifNoneMatch: condition])
        #expect(answer.status == .ok)
        #expect(answer.body == manifest.bytes)
    }

    @Test func whatIsHeldIsServedWithAWarningWhenUpstreamCannotSay() async {
        _ = await registry.ask("GET", byTag)
        await registry.pullBlobs(of: image)
        registry.upstream.fail(with: UpstreamError(.unavailable, "no \"route\"\nto\u{7f} é"))
        for method in ["GET", "HEAD"] {
            let answer = await registry.ask(method, byTag)
            #expect(answer.status == .ok)
            #expect(
                answer[.warning]
                    == "299 - \"this may not be current: no \\\"route\\\"?to? ?\"")
            #expect(answer.note("cache") == .string("stale"))
        }
        let fixed = await registry.ask("GET", byDigest)
        #expect(fixed[.warning] == nil)
        #expect(fixed.note("cache") == .string("hit"))
    }

    @Test func whatIsHeldWithoutItsBlobsIsDescribedAndNotServedWhenUpstreamCannotSay() async {
        let index = SampleIndex(seed: 2, flavor: .docker)
        registry.upstream.add(index.manifest, "multi")
        for image in index.images { registry.upstream.add(image.manifest) }
        let byList = "/v2/library/a/manifests/multi"
        for target in [byTag, byList] {
            _ = await registry.ask("GET", target, [.accept: Self.oneImage])
        }
        registry.upstream.fail(with: UpstreamError(.unavailable, "no route"))
        // Somebody wants to pull them.
        for config in [image.config] + index.images.map(\.config) {
            let answer = await registry.ask("GET", "/v2/library/a/blobs/\(config.digest)")
            #expect(answer.status == .serviceUnavailable)
        }
        for target in [byTag, byDigest, byList] {
            let answer = await registry.ask("GET", target, [.accept: Self.oneImage])
            #expect(answer.status == .serviceUnavailable)
            #expect(answer.text.contains(#""code":"UNAVAILABLE""#))
            #expect(answer.text.contains("is held, but not the"))
            let head = await registry.ask("HEAD", target, [.accept: Self.oneImage])
            #expect(head.status == .ok)
        }
    }

    @Test func theLogIsToldHowTheAnswerCameAbout() async {
        #expect(await registry.ask("GET", byTag).note("cache") == .string("miss"))
        #expect(await registry.ask("GET", byTag).note("cache") == .string("revalidated"))
        #expect(await registry.ask("GET", byDigest).note("cache") == .string("hit"))
    }

    @Test func anUnknownTagOrDigestIsManifestUnknown() async {
        for reference in ["missing", "sha256:" + String(repeating: "0", count: 64)] {
            let answer = await registry.ask("GET", "/v2/library/a/manifests/\(reference)")
            #expect(answer.status == .notFound)
            #expect(answer.text.contains(#""code":"MANIFEST_UNKNOWN""#))
        }
    }
}
