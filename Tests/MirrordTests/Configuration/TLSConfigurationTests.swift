import MirrorHTTP
import Testing

@testable import mirrord

@Suite struct TLSConfigurationTests {
    private func settings(_ tls: String) throws -> TLSServerSettings? {
        let loaded = try configuration("http: {tls: {\(tls)}}")
        #expect(loaded.warnings.isEmpty)
        return loaded.configuration.http.tls
    }

    private let pair = "certificate: /a.pem, key: /a.key"

    private var plain: TLSServerSettings {
        TLSServerSettings(
            identity: TLSIdentity(certificateFile: "/a.pem", keyFile: "/a.key"))
    }

    @Test func withoutASectionItIsPlainHTTP() throws {
        #expect(try configuration().configuration.http.tls == nil)
        #expect(try settings("") == nil)
        #expect(try settings("certificate: '', key: ''") == nil)
    }

    @Test func aPairIsEnough() throws {
        #expect(try settings(pair) == plain)
    }

    @Test func everyKeyIsRead() throws {
        var expected = plain
        expected.clientRootFiles = ["/one.pem", "/two.pem"]
        expected.clientCertificate = .verifiedIfGiven
        expected.minimumVersion = .tls13
        expected.cipherSuites = [
            "TLS_AES_128_GCM_SHA256", "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
        ].compactMap { TLSCipherSuite($0) }
        let read = try settings(
            """
            \(pair), clientcas: [/one.pem, /two.pem], clientauth: verify-client-cert-if-given, \
            minimumtls: tls1.3, \
            ciphersuites: [TLS_AES_128_GCM_SHA256, TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256]
            """)
        #expect(read == expected)
        #expect(expected.cipherSuites.count == 2)
    }

    @Test func suitesMayStandInOneText() throws {
        let names = "TLS_AES_128_GCM_SHA256,TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"
        let listed = try settings("\(pair), ciphersuites: [\(names)]")
        #expect(listed?.cipherSuites.count == 2)
        #expect(try settings("\(pair), ciphersuites: '\(names)'") == listed)
        let loaded = try configuration(
            "http: {tls: {\(pair)}}", environment: ["REGISTRY_HTTP_TLS_CIPHERSUITES": names])
        #expect(loaded.configuration.http.tls == listed)
        let third = try configuration(
            "http: {tls: {\(pair), ciphersuites: '\(names)'}}",
            environment: ["REGISTRY_HTTP_TLS_CIPHERSUITES_2": "TLS_AES_256_GCM_SHA384"])
        #expect(third.configuration.http.tls?.cipherSuites.count == 3)
    }

    @Test(arguments: [
        ("", TLSServerSettings.ClientCertificate.none),
        ("clientcas: [/c.pem]", .verified),
        ("clientcas: [/c.pem], clientauth: require-and-verify-client-cert", .verified),
        ("clientcas: [/c.pem], clientauth: verify-client-cert-if-given", .verifiedIfGiven),
        ("clientcas: [/c.pem], clientauth: require-any-client-cert", .required),
        ("clientauth: request-client-cert", .requested),
    ])
    func whatClientsAreAskedFor(
        _ lines: String, _ policy: TLSServerSettings.ClientCertificate
    ) throws {
        #expect(try settings("\(pair), \(lines)")?.clientCertificate == policy)
    }

    @Test(arguments: [
        (
            "certificate: /a.pem",
            "4:14: http.tls.certificate stands without http.tls.key: add it, or remove the other"
        ),
        (
            "key: /a.key",
            "4:14: http.tls.key stands without http.tls.certificate: add it, or remove the other"
        ),
        (
            "minimumtls: tls1.3",
            "4:13: http.tls.certificate is missing: name the files of a certificate and its key"
        ),
        (
            "certificate: /a, key: /b, minimumtls: ssl3",
            "4:52: http.tls.minimumtls must be one of tls1.2, tls1.3"
        ),
        (
            "certificate: /a, key: /b, clientauth: always",
            "4:52: http.tls.clientauth must be one of request-client-cert, "
                + "require-any-client-cert, verify-client-cert-if-given, "
                + "require-and-verify-client-cert"
        ),
        (
            "certificate: /a, key: /b, clientauth: require-and-verify-client-cert",
            "4:40: http.tls.clientauth require-and-verify-client-cert needs clientcas, the files "
                + "with the authorities whose clients are believed"
        ),
        (
            "certificate: /a, key: /b, ciphersuites: [TLS_AES_128_GCM_SHA265]",
            "4:55: http.tls.ciphersuites: there is no suite \"TLS_AES_128_GCM_SHA265\": "
                + "did you mean TLS_AES_128_GCM_SHA256?"
        ),
        (
            "certificate: /a, key: /b, ciphersuites: {a: b}",
            "4:54: http.tls.ciphersuites must be a list, or a text with commas, not a mapping"
        ),
        (
            "certificate: /a, key: /b, ciphersuites: 'TLS_AES_128_GCM_SHA256, RC4'",
            "4:54: http.tls.ciphersuites: there is no suite \"RC4\""
        ),
        (
            "certificate: /a, key: /b, ciphersuites: [RC4]",
            "4:55: http.tls.ciphersuites: there is no suite \"RC4\""
        ),
        (
            "certificate: /a, key: /b, ciphersuites: [TLS_RSA_WITH_3DES_EDE_CBC_SHA]",
            "4:54: http.tls.ciphersuites names none that is secure"
        ),
    ])
    func faultsAreNamed(_ tls: String, _ fault: String) {
        #expect(faults(behind: "http: {tls: {\(tls)}}") == [fault])
    }

    @Test(arguments: [
        (
            "minimumtls: tls1.0",
            "http.tls.minimumtls is raised to tls1.2: what is older is not secure"
        ),
        (
            "minimumtls: tls1.1",
            "http.tls.minimumtls is raised to tls1.2: what is older is not secure"
        ),
        (
            "ciphersuites: [TLS_RSA_WITH_3DES_EDE_CBC_SHA, TLS_AES_128_GCM_SHA256]",
            "http.tls.ciphersuites TLS_RSA_WITH_3DES_EDE_CBC_SHA is left out: it is not secure"
        ),
        (
            "letsencrypt: {cachefile: /c, email: a@b, hosts: [h]}",
            "http.tls.letsencrypt is not supported yet: certificates are had from a file, "
                + "which certbot or lego can keep"
        ),
    ])
    func whatIsDoneOtherwiseIsTold(_ tls: String, _ warning: String) throws {
        let loaded = try configuration("http: {tls: {\(pair), \(tls)}}")
        #expect(loaded.warnings.map(\.message) == [warning])
        #expect(loaded.configuration.http.tls?.minimumVersion == .tls12)
    }

    /// Plain HTTP in its place would be no small difference.
    @Test func letsEncryptAloneIsAnError() {
        #expect(
            faults(behind: "http: {tls: {letsencrypt: {cachefile: /c}}}") == [
                "4:13: http.tls.certificate is missing: name the files of a certificate and its "
                    + "key (letsencrypt is not supported yet)"
            ])
    }
}
