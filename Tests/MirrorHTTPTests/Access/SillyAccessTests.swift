import MirrorCore
import Testing

@testable import MirrorHTTP

@Suite struct SillyAccessTests {
    private let access = SillyAccess(realm: "https://r.test/\"x\"", service: "mirror")

    @Test func whoeverSendsAnythingIsLetIn() async {
        for header in ["Bearer x", "nonsense"] {
            #expect(await access.decide(.with(header)).user == "silly")
        }
    }

    @Test func whoSendsNothingIsToldOfATokenService() async throws {
        let challenge = #"Bearer realm="https://r.test/\"x\"",service="mirror""#
        for header in [nil, ""] {
            #expect(await access.decide(.with(header)).challenge == challenge)
        }
        let app = try #require(RepositoryName("library/app"))
        #expect(
            await access.decide(.with(nil, for: .pull(app, .tags))).challenge
                == challenge + #",scope="repository:library/app:pull""#)
    }
}
