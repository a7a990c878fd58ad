import MirrorCore
import MirrorTesting
import Testing

@testable import MirrorHTTP

/// Lists of tags and repositories.
@Suite struct ListAPITests {
    private let registry = RegistryUnderTest()
    private let manifest = SampleImage(seed: 1).manifest

    // MARK: Tags

    @Test func tagsComePageByPageWithALinkToTheNext() async {
        registry.upstream.add(manifest, "a", "b", "c", "v1.0_x")
        let first = await registry.ask("GET", "/v2/library/a/tags/list?n=3")
        #expect(first.status == .ok)
        #expect(first[.contentType] == "application/json")
        #expect(first.text == #"{"name":"library/a","tags":["a","b","c"]}"# + "\n")
        #expect(first[.link] == "</v2/library/a/tags/list?last=c&n=3>; rel=\"next\"")
        let second = await registry.ask("GET", "/v2/library/a/tags/list?last=c&n=3")
        #expect(second.text == #"{"name":"library/a","tags":["v1.0_x"]}"# + "\n")
        #expect(second[.link] == nil)
    }

    @Test func withoutANumberThePageIsUpstreams() async {
        registry.upstream.add(manifest, "a", "b", "c")
        let answer = await registry.ask("GET", "/v2/library/a/tags/list")
        #expect(answer.text == #"{"name":"library/a","tags":["a","b"]}"# + "\n")
        #expect(answer[.link] == "</v2/library/a/tags/list?last=b>; rel=\"next\"")
    }

    @Test func upstreamsOwnCursorLeadsToItsNextPage() async {
        registry.upstream.add(manifest, "a", "b")
        registry.upstream.page(by: "next=x%2F1&n=2")
        let first = await registry.ask("GET", "/v2/library/a/tags/list?n=2&ns=")
        let next = "/v2/library/a/tags/list?cursor=next%3Dx%252F1%26n%3D2"
        #expect(first[.link] == "<\(next)>; rel=\"next\"")
        let second = await registry.ask("GET", next)
        #expect(second.status == .ok)
        #expect(registry.upstream.questions == ["tags", "tags at next=x%2F1&n=2"])
        registry.upstream.fail(with: UpstreamError(.unavailable, "down"))
        #expect(await registry.ask("GET", next).status == .serviceUnavailable)
    }

    @Test(arguments: ["", "a%20b", "a%0Ab", "%23", "%C3%A9"])
    func aCursorThatNoUpstreamCanHaveGivenIsRefused(_ cursor: String) async {
        for list in ["tags/list", "referrers/\(manifest.digest)"] {
            let answer = await registry.ask("GET", "/v2/library/a/\(list)?cursor=\(cursor)")
            #expect(answer.status == .badRequest)
        }
        #expect(registry.upstream.questions.isEmpty)
    }

    @Test func noTagsAreAnEmptyListAndSoIsAPageOfNone() async {
        let none = await registry.ask("GET", "/v2/library/a/tags/list")
        #expect(none.text == #"{"name":"library/a","tags":[]}"# + "\n")
        let zero = await registry.ask("GET", "/v2/library/a/tags/list?n=0")
        #expect(zero.status == .ok)
        #expect(zero.text == none.text)
        #expect(zero[.link] == nil)
    }

    @Test func heldTagsAreListedWhenUpstreamCannotSay() async {
        registry.upstream.add(manifest, "a", "b")
        _ = await registry.ask("GET", "/v2/library/a/manifests/b")
        registry.upstream.fail(with: UpstreamError(.unavailable, "down"))
        let answer = await registry.ask("GET", "/v2/library/a/tags/list")
        #expect(answer.text == #"{"name":"library/a","tags":["b"]}"# + "\n")
        #expect(answer[.warning]?.hasPrefix("299 - ") == true)
        #expect(answer.note("cache") == .string("stale"))
    }

    @Test func aRepositoryThatUpstreamDoesNotHaveIsNameUnknown() async {
        registry.upstream.fail(with: UpstreamError(.notFound, "none"))
        let answer = await registry.ask("GET", "/v2/library/a/tags/list")
        #expect(answer.status == .notFound)
        #expect(answer.text.contains(#""code":"NAME_UNKNOWN""#))
        #expect(answer.text.contains("repository name not known to registry"))
    }

    // MARK: Catalog

    private func hold(_ names: String...) async {
        registry.upstream.add(manifest, "latest")
        for name in names { _ = await registry.ask("GET", "/v2/\(name)/manifests/latest") }
    }

    @Test func theCatalogListsWhatIsHeldPageByPage() async {
        await hold("b/one", "a", "c")
        let all = await registry.ask("GET", "/v2/_catalog")
        #expect(all.text == #"{"repositories":["a","b/one","c"]}"# + "\n")
        #expect(all[.contentType] == "application/json")
        #expect(all[.link] == nil)
        let first = await registry.ask("GET", "/v2/_catalog?n=2")
        #expect(first.text == #"{"repositories":["a","b/one"]}"# + "\n")
        #expect(first[.link] == "</v2/_catalog?last=b/one&n=2>; rel=\"next\"")
        for last in ["b/one", "b%2Fone"] {
            let second = await registry.ask("GET", "/v2/_catalog?last=\(last)&n=2")
            #expect(second.text == #"{"repositories":["c"]}"# + "\n")
            #expect(second[.link] == nil)
        }
    }

    @Test func aMirrorThatHoldsNothingHasAnEmptyCatalog() async {
        #expect(await registry.ask("GET", "/v2/_catalog").text == #"{"repositories":[]}"# + "\n")
        await hold("a")
        #expect(
            await registry.ask("GET", "/v2/_catalog?n=0").text == #"{"repositories":[]}"# + "\n")
    }

    @Test func moreThanThePageLimitIsCutToIt() async {
        var options = RegistryResponder.Options()
        options.catalogPageLimit = 1
        options.tagPageLimit = 2
        let registry = RegistryUnderTest(options)
        registry.upstream.add(manifest, "latest", "x", "y")
        for name in ["a", "b"] { _ = await registry.ask("GET", "/v2/\(name)/manifests/latest") }
        for target in ["/v2/_catalog?n=1000000", "/v2/_catalog"] {
            let answer = await registry.ask("GET", target)
            #expect(answer.text == #"{"repositories":["a"]}"# + "\n")
            #expect(answer[.link] == "</v2/_catalog?last=a&n=1>; rel=\"next\"")
        }
        let tags = await registry.ask("GET", "/v2/a/tags/list?n=3")
        #expect(tags.text == #"{"name":"a","tags":["latest","x"]}"# + "\n")
        #expect(tags[.link] == "</v2/a/tags/list?last=x&n=2>; rel=\"next\"")
    }

    @Test func allTagsComeAtOnceToThoseWhoAskForNoPages() async {
        var options = RegistryResponder.Options()
        options.tagPageLimit = 1
        let registry = RegistryUnderTest(options)
        registry.upstream.add(manifest, "latest", "x")
        let answer = await registry.ask("GET", "/v2/a/tags/list")
        #expect(answer.text == #"{"name":"a","tags":["latest","x"]}"# + "\n")
        #expect(answer[.link] == nil)
    }

    @Test(arguments: ["-1", "x", "", "1.5", "99999999999999999999"])
    func aNumberThatIsNoneIsRefused(_ number: String) async {
        for target in ["/v2/_catalog", "/v2/library/a/tags/list"] {
            let answer = await registry.ask("GET", "\(target)?n=\(number)")
            #expect(answer.status == .badRequest)
            #expect(answer.text.contains(#""code":"PAGINATION_NUMBER_INVALID""#))
        }
    }
}
