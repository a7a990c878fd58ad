import Testing

@testable import MirrorHTTP

@Suite struct HTTPURLTests {
    /// A text, and origin and target of the URL that it is.
    static let urls: [(String, String, String)] = [
        ("https://registry-1.docker.io", "https://registry-1.docker.io", "/"),
        ("HTTPS://Registry-1.Docker.IO:443/V2/", "https://registry-1.docker.io", "/V2/"),
        ("http://host:80?a=b", "http://host", "/?a=b"),
        ("http://host:443/", "http://host:443", "/"),
        ("http://host:/x", "http://host", "/x"),
        ("http://[::1]:5000/v2/", "http://[::1]:5000", "/v2/"),
        ("http://10.0.0.1/a?b=c#part", "http://10.0.0.1", "/a?b=c"),
        ("http://my_host.internal/a b/é", "http://my_host.internal", "/a%20b/%C3%A9"),
        ("http://host/a%20b?sig=x%2By", "http://host", "/a%20b?sig=x%2By"),
    ]

    @Test(arguments: urls)
    func isReadAndWrittenAgain(_ text: String, _ origin: String, _ target: String) throws {
        let url = try #require(HTTPURL(text))
        #expect(url.origin.description == origin)
        #expect(url.target == target)
        #expect(HTTPURL(url.text) == url)
    }

    @Test(arguments: [
        "", "registry.test", "registry.test:5000", "ftp://host/", "//host/", "http:/host",
        "http://",
        "http://:80/", "http://user@host/", "http://user:pass@host/", "http://host:0/",
        "http://host:65536/", "http://host:5x/", "http://host:+5/", "http://::1/", "http://[::1/",
        "http://[host]/", "http://ho st/", "http://host\r\n/", "http://hé/",
    ])
    func isNoURL(_ text: String) {
        #expect(HTTPURL(text) == nil)
    }

    @Test(arguments: ["", "v2/", "?a", "/a b", "/a\r\nX: y", "/é", "/a#b"])
    func hasNoTargetThatWouldBreakARequest(_ target: String) {
        let origin = HTTPOrigin(scheme: .http, host: "host")
        #expect(HTTPURL(origin: origin, target: target) == nil)
    }

    @Test func doesNotShowItsQueryWhereItIsWrittenDown() throws {
        let url = try #require(HTTPURL("https://host/blob?signature=secret"))
        #expect("\(url)" == "https://host/blob?…")
    }

    /// A reference, and what it names as seen from `http://a/b/c/d?q` (RFC 3986 section 5.4,
    /// without the parts that requests do not have).
    static let references: [(String, String)] = [
        ("http://g/h", "http://g/h"), ("//g", "http://g/"), ("//g:5000/h?y", "http://g:5000/h?y"),
        ("g", "http://a/b/c/g"), ("./g", "http://a/b/c/g"), ("g/", "http://a/b/c/g/"),
        ("/g", "http://a/g"), ("?y", "http://a/b/c/d?y"), ("g?y", "http://a/b/c/g?y"),
        ("#s", "http://a/b/c/d?q"), ("g#s", "http://a/b/c/g"), ("g?y#s", "http://a/b/c/g?y"),
        ("", "http://a/b/c/d?q"), (".", "http://a/b/c/"), ("./", "http://a/b/c/"),
        ("..", "http://a/b/"), ("../", "http://a/b/"), ("../g", "http://a/b/g"),
        ("../..", "http://a/"), ("../../g", "http://a/g"), ("../../../g", "http://a/g"),
        ("/./g", "http://a/g"), ("/../g", "http://a/g"), ("g.", "http://a/b/c/g."),
        ("..g", "http://a/b/c/..g"), ("./../g", "http://a/b/g"), ("g/./h", "http://a/b/c/g/h"),
        ("g?y/../x", "http://a/b/c/g?y/../x"), ("/v2/x?redirect=a:b", "http://a/v2/x?redirect=a:b"),
    ]

    @Test(arguments: references)
    func resolvesReferences(_ reference: String, _ expected: String) throws {
        let base = try #require(HTTPURL("http://a/b/c/d?q"))
        #expect(base.resolving(reference)?.text == expected)
    }

    @Test(arguments: ["ftp://host/", "file:///etc/passwd", "javascript:alert(1)", "//user@host/"])
    func resolvesNothingThatLeadsElsewhere(_ reference: String) throws {
        let base = try #require(HTTPURL("http://a/b/c/d?q"))
        #expect(base.resolving(reference) == nil)
    }
}
