import MirrorCore
import Testing

@testable import MirrorHTTP

@Suite struct ProxySettingsTests {
    private func proxy(
        for url: String, _ environment: [String: String]
    ) throws -> ProxyEndpoint? {
        ProxySettings(environment: environment).proxy(for: try #require(HTTPURL(url)).origin)
    }

    // MARK: Which proxy

    /// Environment, URL and the proxy that leads there.
    static let rows: [([String: String], String, String?)] = [
        ([:], "https://a.test/", nil),
        (["HTTPS_PROXY": "http://p:1"], "https://a.test/", "http://p:1"),
        (["HTTPS_PROXY": "http://p:1"], "http://a.test/", nil),
        (["HTTP_PROXY": "http://p:1"], "http://a.test/", "http://p:1"),
        (["HTTP_PROXY": "http://p:1"], "https://a.test/", nil),
        (["ALL_PROXY": "http://p:1"], "http://a.test/", "http://p:1"),
        (["ALL_PROXY": "http://p:1", "https_proxy": "q:2"], "https://a.test/", "http://q:2"),
        (["HTTPS_PROXY": "p:1", "https_proxy": "q:2"], "https://a.test/", "http://p:1"),
        (["HTTPS_PROXY": "", "https_proxy": "q:2"], "https://a.test/", "http://q:2"),
        (["https_proxy": "https://p"], "https://a.test/", "https://p"),
        (["HTTPS_PROXY": "p"], "https://a.test/", "http://p"),
        // A CGI script's HTTP_PROXY is what a client sent (CVE-2016-5385).
        (["HTTP_PROXY": "p", "REQUEST_METHOD": "GET"], "http://a.test/", nil),
        (["http_proxy": "p", "REQUEST_METHOD": "GET"], "http://a.test/", "http://p"),
        // Loopback is never proxied.
        (["HTTP_PROXY": "p"], "http://localhost:5000/", nil),
        (["HTTP_PROXY": "p"], "http://127.9.9.9/", nil),
        (["HTTP_PROXY": "p"], "http://[::1]/", nil),
        (["HTTP_PROXY": "p"], "http://[::ffff:127.0.0.1]/", nil),
        (["HTTP_PROXY": "p"], "http://[::2]/", "http://p"),
    ]

    @Test(arguments: rows)
    func theVariablesSayWhichProxyLeadsWhere(
        _ row: (environment: [String: String], url: String, proxy: String?)
    ) throws {
        #expect(try proxy(for: row.url, row.environment)?.origin.description == row.proxy)
    }

    @Test func credentialsAreDecodedForTheProxyAlone() throws {
        let found = try proxy(
            for: "https://a.test/", ["HTTPS_PROXY": "http://us%40er:p%3Ass@p:3128/"])
        #expect(found?.origin == HTTPOrigin(scheme: .http, host: "p", port: 3128))
        // printf 'us@er:p:ss' | base64
        #expect(found?.authorization?.revealed == "Basic dXNAZXI6cDpzcw==")
        let nameless = try proxy(for: "https://a.test/", ["HTTPS_PROXY": "http://user@p"])
        // printf 'user:' | base64
        #expect(nameless?.authorization?.revealed == "Basic dXNlcjo=")
    }

    @Test(arguments: ["socks5://secret@p:1", "http://", "http://p:port", "http://%zz@p"])
    func aProxyThatCannotBeUsedIsToldByTheVariablesName(_ text: String) {
        let settings = ProxySettings(environment: ["HTTPS_PROXY": text])
        #expect(settings.problems == ["HTTPS_PROXY is not the URL of an http or https proxy"])
    }

    // MARK: Exceptions

    /// `NO_PROXY`, a URL, and whether it is reached directly.
    static let exceptions: [(String, String, Bool)] = [
        ("", "http://a.test/", false), ("*", "http://a.test/", true),
        ("a.test", "http://a.test/", true), ("A.Test", "http://a.test/", true),
        ("a.test", "http://b.a.test/", true), ("a.test", "http://ba.test/", false),
        ("a.test", "http://a.test.evil/", false),
        (".a.test", "http://a.test/", false), (".a.test", "http://b.a.test/", true),
        ("*.a.test", "http://a.test/", false), ("*.a.test", "http://b.a.test/", true),
        ("test", "http://a.test/", true), ("b, a.test ,c", "http://a.test/", true),
        ("a.test:80", "http://a.test/", true), ("a.test:81", "http://a.test/", false),
        (".a.test:81", "http://b.a.test:81/", true),
        ("10.0.0.1", "http://10.0.0.1/", true), ("10.0.0.1", "http://10.0.0.10/", false),
        ("10.0.0.1:81", "http://10.0.0.1/", false), ("10.0.0.1:81", "http://10.0.0.1:81/", true),
        ("10.0.0.0/8", "http://10.255.0.1/", true), ("10.0.0.0/8", "http://11.0.0.1/", false),
        ("10.0.0.128/25", "http://10.0.0.129/", true),
        ("10.0.0.128/25", "http://10.0.0.127/", false),
        ("0.0.0.0/0", "http://192.0.2.1/", true), ("0.0.0.0/0", "http://[2001:db8::1]/", false),
        ("10.0.0.0/33", "http://10.0.0.1/", false), ("10.0.0.0/x", "http://10.0.0.1/", false),
        ("2001:db8::/32", "http://[2001:db8:1::1]/", true),
        ("2001:db8::1", "http://[2001:db8:0::1]/", true),
        ("[2001:db8::1]:80", "http://[2001:db8::1]/", true),
        ("10.0.0.1", "http://[::ffff:10.0.0.1]/", true),
        // A suffix of a number is no domain.
        ("0.0.1", "http://10.0.0.1/", false),
    ]

    @Test(arguments: exceptions)
    func exceptionsAreReachedDirectly(_ noProxy: String, _ url: String, _ isDirect: Bool) throws {
        let environment = ["HTTP_PROXY": "p", "no_proxy": noProxy]
        #expect(try (proxy(for: url, environment) == nil) == isDirect)
    }

    @Test func theUpperCaseListGoesFirstUnlessItIsEmpty() throws {
        var environment = ["HTTP_PROXY": "p", "NO_PROXY": "a.test", "no_proxy": "b.test"]
        #expect(try proxy(for: "http://a.test/", environment) == nil)
        #expect(try proxy(for: "http://b.test/", environment) != nil)
        environment["NO_PROXY"] = ""
        #expect(try proxy(for: "http://b.test/", environment) == nil)
    }
}
