import MirrorCore
import MirrorHTTP
import MirrorTesting
import Testing

@testable import mirrord

/// By which account a registry is asked, as a file says it.
@Suite struct CredentialConfigurationTests {
    private func file(_ lines: String) -> String {
        "version: 0.1\nstorage: inmemory\nproxy:\n  remoteurl: https://r.test\n" + lines
    }

    private func loaded(_ lines: String) throws -> LoadedConfiguration {
        try LoadedConfiguration.parse(Array(file(lines).utf8), file: "c.yml")
    }

    @Test(arguments: [
        ("{command: helper}", "helper", Duration?.none),
        ("{command: /opt/a b/helper, lifetime: 0}", "/opt/a b/helper", .zero),
        ("{command: helper, lifetime: 6h}", "helper", .seconds(6 * 3600)),
    ])
    func aHelperIsNamed(_ exec: String, _ command: String, _ lifetime: Duration?) throws {
        let loaded = try loaded("  exec: \(exec)")
        #expect(loaded.warnings.isEmpty)
        #expect(
            loaded.configuration.proxy.credentials
                == .helper(command: command, lifetime: lifetime))
    }

    @Test(arguments: [
        ("  ttl: 1h", false),
        ("  username: a\n  password: b", true),
        ("  username: a\n  password: b\n  clienttokens: {enabled: true}", false),
        ("  username: a\n  password: b\nauth: {htpasswd: {realm: r, path: /p}}", false),
        (
            "  username: a\n  password: b\n"
                + "http: {tls: {certificate: /c, key: /k, clientcas: [/a]}}", false
        ),
        (
            "  username: a\n  password: b\n"
                + "http: {tls: {certificate: /c, key: /k, clientauth: require-any-client-cert}}",
            true
        ),
    ])
    func anAccountIsLentWhereNobodyIsAskedWhoHeIs(_ lines: String, _ isLent: Bool) throws {
        #expect(try loaded(lines).configuration.lendsItsAccounts == isLent)
    }

    @Test func besideAHelperNameAndPasswordAreNotUsed() throws {
        let loaded = try loaded("  exec: {command: helper}\n  username: tim\n  passwordfile: x")
        #expect(
            loaded.warnings.map(\.description) == [
                "c.yml:6:3: proxy.username is not used: proxy.exec gives name and password",
                "c.yml:7:3: proxy.passwordfile is not used: proxy.exec gives name and password",
            ])
        #expect(
            loaded.configuration.proxy.credentials == .helper(command: "helper", lifetime: nil))
    }

    @Test func aPasswordFileStandsInThePlaceOfAPassword() throws {
        let loaded = try loaded("  username: tim\n  passwordfile: /run/secrets/r")
        #expect(
            loaded.configuration.proxy.credentials
                == .passwordFile(username: "tim", path: "/run/secrets/r"))
    }

    @Test func eachRegistryHasItsOwn() throws {
        let loaded = try loaded(
            """
              upstreams:
                - remoteurl: https://one.test
                  exec: {command: helper}
                - remoteurl: https://two.test
                  username: tim
                  passwordfile: /secret
            """)
        #expect(loaded.configuration.proxy.credentials == nil)
        #expect(
            loaded.configuration.upstreams.map(\.credentials) == [
                .helper(command: "helper", lifetime: nil),
                .passwordFile(username: "tim", path: "/secret"),
            ])
    }

    @Test(arguments: [
        (
            "  exec: {lifetime: 1h}",
            "5:9: proxy.exec.command is missing: name a credential helper, by its path or as PATH "
                + "finds it"
        ),
        (
            "  exec: {command: '', lifetime: -1h}",
            "5:10: proxy.exec.command is missing: name a credential helper, by its path or as PATH "
                + "finds it\n5:33: proxy.exec.lifetime cannot be negative"
        ),
        (
            "  username: a\n  password: b\n  passwordfile: /c",
            "7:3: proxy.passwordfile stands beside proxy.password: keep one of them"
        ),
        (
            "  passwordfile: /c",
            "5:3: proxy.passwordfile stands without proxy.username: add it, or remove the other"
        ),
        (
            "  username: a\n  passwordfile: c",
            "6:17: proxy.passwordfile must be a path that begins with /"
        ),
    ])
    func aFaultIsTold(_ lines: String, _ expected: String) {
        #expect(faults(file(lines)).joined(separator: "\n") == expected)
    }

    @Test func aPasswordFileThatCannotBeReadKeepsTheMirrorFromStarting() async throws {
        let folder = try TemporaryFolder()
        let path = "\(folder.path)/password"
        let loaded = try loaded("  username: tim\n  passwordfile: \(path)")
        let error = await #expect(throws: StartError.self) {
            _ = try await Assembly(loaded) { loaded }
        }
        #expect(
            error?.description
                == "https://r.test cannot be mirrored: the password file \(path): "
                + "there is no such file")
    }
}
