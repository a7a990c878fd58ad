import Testing

@testable import mirrord

/// What `proxy.redirects` says.
@Suite struct RedirectConfigurationTests {
    private func file(_ host: String) -> String {
        """
        version: 0.1
        storage: inmemory
        proxy:
          remoteurl: https://r.test
          redirects: [\(host)]
        """
    }

    @Test(arguments: [
        ("CDN.internal", "cdn.internal"), ("10.0.0.5", "10.0.0.5"), ("'[FD00::1]'", "fd00::1"),
        ("'fd00::1'", "fd00::1"),
    ])
    func aHostStandsAsURLsHaveIt(_ text: String, _ host: String) throws {
        let loaded = try LoadedConfiguration.parse(Array(file(text).utf8), file: "config.yml")
        #expect(loaded.configuration.proxy.redirectHosts == [host])
    }

    @Test(arguments: [
        "'cdn.internal:443'", "'cdn.internal:80'", "'https://cdn.internal'", "cdn/internal",
        "cdn.internal/", "user@cdn.internal", "''", "'10.0.0.0/8'",
    ])
    func whatIsNoHostIsAFault(_ text: String) {
        #expect(
            faults(file(text)) == [
                "5:15: proxy.redirects must be a host such as cdn.internal, without a port, not "
                    + (text.hasPrefix("'") ? "a text in quotes" : "this text")
            ])
    }
}
