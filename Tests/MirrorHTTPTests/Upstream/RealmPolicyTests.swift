import Testing

@testable import MirrorHTTP

@Suite struct RealmPolicyTests {
    /// Upstream, realm, and whether the realm may see the upstream's credentials.
    static let rows: [(String, String, Bool)] = [
        ("https://registry-1.docker.io/", "https://auth.docker.io/token", true),
        ("https://registry-1.docker.io/", "https://docker.io/token", true),
        ("https://registry.gitlab.com/", "https://gitlab.com/jwt/auth", true),
        ("https://ghcr.io/", "https://ghcr.io/token", true),
        ("https://quay.io/", "https://auth.quay.io/token", true),
        ("https://registry.freedesktop.org/", "https://gitlab.freedesktop.org/jwt/auth", true),
        ("https://registry.example.co.uk/", "https://auth.example.co.uk/", true),
        ("https://registry.example.com:5000/", "https://auth.example.com/", true),
        ("http://registry.example.com/", "https://auth.example.com/", true),
        ("http://127.0.0.1:5000/", "http://127.0.0.1:5000/token", true),
        ("http://localhost:5000/", "http://localhost:5000/token", true),

        ("https://registry-1.docker.io/", "http://auth.docker.io/token", false),
        ("https://registry-1.docker.io/", "https://auth.docker.io.evil.example/token", false),
        ("https://registry-1.docker.io/", "https://evildocker.io/token", false),
        ("https://ghcr.io/", "https://evil.io/token", false),
        ("https://foo.azurecr.io/", "https://evil.azurecr.io/oauth2/token", false),
        ("https://foo.azurecr.io/", "https://azurecr.io/oauth2/token", false),
        ("https://example.co.uk/", "https://evil.co.uk/", false),
        ("https://x.a.run.app/", "https://evil.a.run.app/", false),
        ("https://us-docker.pkg.dev/", "https://evil-docker.pkg.dev/", false),
        (
            "https://1.dkr.ecr.eu-west-1.amazonaws.com/",
            "https://2.dkr.ecr.eu-west-1.amazonaws.com/",
            false
        ),
        ("http://127.0.0.1:5000/", "http://127.0.0.1:6000/token", false),
        ("http://10.0.0.1/", "http://10.0.0.2/token", false),
        ("http://[::1]:5000/", "http://[::1]:5001/token", false),
        ("http://localhost:5000/", "http://localhost:6000/token", false),
        ("http://registry:5000/", "http://registry:6000/token", false),
        ("http://registry/", "http://auth/token", false),
    ]

    @Test(arguments: rows)
    func credentialsStayOnTheUpstreamsOwnSite(_ row: (String, String, Bool)) throws {
        let upstream = try #require(HTTPURL(row.0)).origin
        let realm = try #require(HTTPURL(row.1)).origin
        #expect(RealmPolicy.mayReceiveCredentials(realm, of: upstream) == row.2)
    }
}
