import MirrorHTTP
import Testing

@testable import mirrord

@Suite struct AuthConfigurationTests {
    @Test func withoutAnyEverybodyIsLetIn() throws {
        for lines in ["", "auth:", "auth: {}", "auth: none", "auth: {none: }", "auth: {none: {}}"] {
            let loaded = try configuration(lines)
            #expect(loaded.configuration.auth == nil)
            #expect(loaded.warnings.isEmpty)
        }
    }

    @Test func theUsersOfAFile() throws {
        let loaded = try configuration("auth: {htpasswd: {realm: lab, path: /etc/users}}")
        #expect(loaded.configuration.auth == .passwords(realm: "lab", path: "/etc/users"))
        #expect(loaded.warnings.isEmpty)
    }

    /// As the reference's documentation has it for containers.
    @Test func variablesAloneWillDo() throws {
        let loaded = try configuration(
            environment: [
                "REGISTRY_AUTH": "htpasswd", "REGISTRY_AUTH_HTPASSWD_REALM": "Registry Realm",
                "REGISTRY_AUTH_HTPASSWD_PATH": "/auth/htpasswd",
            ])
        #expect(
            loaded.configuration.auth
                == .passwords(realm: "Registry Realm", path: "/auth/htpasswd"))
    }

    @Test func sillyIsHonouredWithAWarning() throws {
        let loaded = try configuration("auth: {silly: {realm: r, service: s}}")
        #expect(loaded.configuration.auth == .silly(realm: "r", service: "s"))
        #expect(loaded.warnings.count == 1)
        #expect(loaded.warnings.first?.message.contains("protects nothing") == true)
    }

    @Test func tokensWithAllThatCanBeSaid() throws {
        let loaded = try configuration(
            """
            auth:
              token:
                realm: https://t.test/token
                service: mirror
                issuer: issuer
                rootcertbundle: /etc/root.pem
                jwks: /etc/keys.json
                autoredirect: true
                signingalgorithms: [RS256, EdDSA]
            """)
        var settings = TokenSettings(
            realm: "https://t.test/token", service: "mirror", issuer: "issuer",
            certificateFile: "/etc/root.pem", keySetFile: "/etc/keys.json",
            redirectPath: "/auth/token", algorithms: ["RS256", "EdDSA"])
        #expect(loaded.configuration.auth == .tokens(settings))
        let other = try configuration(
            """
            auth:
              token:
                {realm: r, service: s, issuer: i, jwks: /k, autoredirect: true,
                 autoredirectpath: /t}
            """)
        settings = TokenSettings(realm: "r", service: "s", issuer: "i", keySetFile: "/k")
        settings.redirectPath = "/t"
        #expect(other.configuration.auth == .tokens(settings))
    }

    @Test func secretsThatBothSidesHaveAreLeftOut() throws {
        let lines = "auth: {token: {realm: r, service: s, issuer: i, jwks: /k, signingalgorithms: "
        let loaded = try configuration(lines + "[HS256, RS256]}}")
        guard case .tokens(let settings) = loaded.configuration.auth else {
            Issue.record("no tokens")
            return
        }
        #expect(settings.algorithms == ["RS256"])
        #expect(loaded.warnings.first?.message.contains("HS256 is not taken") == true)
        #expect(
            faults(behind: lines + "[HS256]}}").first?.contains("no algorithm that is taken")
                == true)
        #expect(faults(behind: lines + "[none]}}").first?.contains("one of RS256") == true)
    }

    @Test(arguments: [
        ("auth: {htpasswd: {realm: lab}}", "auth.htpasswd.path is missing"),
        ("auth: {htpasswd: {path: /x}}", "auth.htpasswd.realm is missing"),
        ("auth: {htpasswd: {realm: lab, path: ''}}", "auth.htpasswd.path is missing"),
        ("auth: {silly: {realm: r}}", "auth.silly.service is missing"),
        ("auth: {token: {realm: r, service: s, jwks: /k}}", "auth.token.issuer is missing"),
        ("auth: {token: {realm: r, issuer: s, jwks: /k}}", "auth.token.service is missing"),
        ("auth: {token: {service: r, issuer: s, jwks: /k}}", "auth.token.realm is missing"),
        (
            "auth: {token: {realm: r, service: s, issuer: i}}",
            "auth.token.rootcertbundle is missing, or auth.token.jwks"
        ),
        (
            "auth: {token: {realm: r, service: s, issuer: i, jwks: /k, autoredirect: maybe}}",
            "auth.token.autoredirect must be true or false"
        ),
        (
            "auth: {token: {realm: r, service: s, issuer: i, jwks: /k, autoredirectpath: x}}",
            "auth.token.autoredirectpath must be a path"
        ),
        (
            "auth: {htpasswd: {realm: lab, path: /x}, silly: {realm: r, service: s}}",
            "auth names htpasswd and silly: keep one"
        ),
        ("auth: {none: , htpasswd: {realm: lab, path: /x}}", "keep one"),
        ("auth: ldap", "there is no key \"ldap\" in auth"),
        ("auth: [htpasswd]", "auth must be a mapping"),
    ])
    func whatIsMissingOrTooMuchIsTold(_ lines: String, _ fault: String) {
        let found = faults(behind: lines)
        #expect(found.count == 1)
        #expect(found.first?.contains(fault) == true, "\(found)")
    }

    @Test func aNameAloneIsNotEnough() {
        let found = faults(behind: "auth: htpasswd")
        #expect(found.count == 2)
        #expect(found.allSatisfy { $0.contains("is missing") })
    }

    /// A request has room for one credential.
    @Test func clientsOwnCredentialsDoNotGoWithIt() {
        let text = """
            version: 0.1
            storage: inmemory
            auth: {htpasswd: {realm: lab, path: /x}}
            proxy: {remoteurl: 'https://r.test', clienttokens: {enabled: true}}
            """
        #expect(faults(text).first?.contains("auth stands beside clienttokens") == true)
        #expect(faults(text.replacing("true", with: "false")).isEmpty)
    }
}
