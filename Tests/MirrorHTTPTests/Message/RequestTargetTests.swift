import Testing

@testable import MirrorHTTP

/// Parameters in the query of a request's target.
@Suite struct RequestTargetTests {
    @Test(
        arguments: [
            ("/v2/", nil), ("/v2/?", nil), ("/v2/?n=5", nil), ("/v2/?nsx=a", nil),
            ("/v2/?xns=a", nil),
            ("/v2/?ns=docker.io", "docker.io"), ("/v2/?n=5&ns=a&last=b", "a"),
            ("/v2/?ns=a&ns=b", "a"),
            ("/v2/?ns=", ""), ("/v2/?ns", ""), ("/v2/?ns&n=1", ""), ("/v2/?&&ns=a", "a"),
            ("/v2/?ns=a=b", "a=b"), ("/v2/?ns=a%3A5", "a:5"), ("/v2/?ns=a%3", nil),
            ("http://host/v2/?ns=a", "a"), ("http://host?ns=a", "a"),
        ] as [(String, String?)])
    func aParameterIsFoundByItsWholeName(_ target: String, _ value: String?) {
        #expect(RequestTarget(target)["ns"] == value)
    }
}
