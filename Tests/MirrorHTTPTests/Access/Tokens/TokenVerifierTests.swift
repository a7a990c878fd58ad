import MirrorCore
import MirrorSystem
import Testing

@testable import MirrorHTTP

/// Which tokens are believed.
@Suite struct TokenVerifierTests {
    private let verifier = TokenVerifier(
        issuer: "issuer", service: "mirror", algorithms: Set(SignatureAlgorithm.allCases))
    private let claims = #"{"iss":"issuer","aud":"mirror","sub":"ann","exp":1000}"#

    /// Why a token is not believed; nil if it is.
    private func fault(
        _ token: String, _ keys: TokenKeys, _ verifier: TokenVerifier? = nil,
        at seconds: Int64 = 900
    ) -> String? {
        do throws(TokenVerifier.Fault) {
            _ = try (verifier ?? self.verifier).claims(of: token, by: keys, at: .seconds(seconds))
            return nil
        } catch {
            return error.reason
        }
    }

    private func keys(_ signer: TestSigner, _ members: String = #""kid":"k""#) throws -> TokenKeys {
        TokenKeys(certificates: [], keySet: try .of(signer.jwk(members)))
    }

    @Test(arguments: SignatureAlgorithm.allCases)
    func aTokenOfEachAlgorithmIsBelieved(_ algorithm: SignatureAlgorithm) throws {
        let signer = try TestSigner.key(for: algorithm)
        let keys = try keys(signer)
        let token = try signer.token(claims, algorithm, header: #""kid":"k""#)
        #expect(fault(token, keys) == nil)
        let believed = try verifier.claims(of: token, by: keys, at: .seconds(900))
        #expect(believed.subject == "ann")
        // With one letter of the claims changed it is not.
        var parts = token.split(separator: ".").map { String($0) }
        parts[1] = url(Array(claims.replacing("ann", with: "bob").utf8))
        #expect(fault(parts.joined(separator: "."), keys)?.contains("signature") == true)
    }

    @Test func aKeyIsKnownByItsNameThumbprintOrFingerprint() throws {
        let signer = try TestSigner.p256.get()
        let keys = try keys(signer)
        let key = try signer.publicKey()
        for name in ["k", key.thumbprint, key.fingerprint] {
            let token = try signer.token(claims, .es256, header: #""kid":"\#(name)""#)
            #expect(fault(token, keys) == nil)
        }
        for header in ["", #""kid":"""#, #""kid":"other""#] {
            let token = try signer.token(claims, .es256, header: header)
            #expect(fault(token, keys)?.contains("not known") == true)
        }
    }

    /// A token may not choose how it is checked: not by no signature, not by the public key as a
    /// secret, not by an algorithm of another kind of key.
    @Test(arguments: [
        "none", "None", "NONE", "", "HS256", "HS384", "HS512", "RS1", "ES256K", "RS256 ", "es256",
        "RS256", "PS256", "ES384", "ES512", "EdDSA",
    ])
    func anAlgorithmThatIsNotTheKeysIsRefused(_ name: String) throws {
        let signer = try TestSigner.p256.get()
        let keys = try keys(signer)
        let token = try signer.token(claims, .es256, naming: name, header: #""kid":"k""#)
        #expect(fault(token, keys) != nil)
        let unsigned = token.split(separator: ".").dropLast().joined(separator: ".") + "."
        #expect(fault(unsigned, keys) != nil)
    }

    @Test func aTokenKeyedWithThePublicKeyIsRefused() throws {
        let signer = try TestSigner.rsa.get()
        let header = url(Array(#"{"alg":"HS256","kid":"k"}"#.utf8))
        let content = "\(header).\(url(Array(claims.utf8)))"
        // Whatever is made of what everybody knows.
        let signature = url(Array(repeating: 7, count: 32))
        #expect(
            fault("\(content).\(signature)", try keys(signer))?.contains("algorithm") == true)
    }

    @Test func onlyTheAlgorithmsThatAreSetAreTaken() throws {
        let signer = try TestSigner.rsa.get()
        let verifier = TokenVerifier(issuer: "issuer", service: "mirror", algorithms: [.rs512])
        for (algorithm, isTaken) in [(SignatureAlgorithm.rs512, true), (.rs256, false)] {
            let token = try signer.token(claims, algorithm, header: #""kid":"k""#)
            #expect((fault(token, try keys(signer), verifier) == nil) == isTaken)
        }
        // And of a key only the one that it says.
        let keys = try keys(signer, #""kid":"k","alg":"RS384""#)
        for (algorithm, isTaken) in [(SignatureAlgorithm.rs384, true), (.rs256, false)] {
            let token = try signer.token(claims, algorithm, header: #""kid":"k""#)
            #expect((fault(token, keys) == nil) == isTaken)
        }
    }

    @Test func otherClaimsAreRefused() throws {
        let signer = try TestSigner.ed25519.get()
        let keys = try keys(signer)
        for (json, word) in [
            (claims.replacing("issuer", with: "other"), "issuer"),
            (claims.replacing("mirror", with: "other"), "service"),
            (claims.replacing(#""iss":"issuer","#, with: ""), "issuer"),
            (claims.replacing("1000", with: "800"), "expired"),
            (claims.replacing("1000", with: #"1000,"nbf":990"#), "does not hold yet"),
            ("[]", "malformed"),
        ] {
            let token = try signer.token(json, .edDSA, header: #""kid":"k""#)
            #expect(fault(token, keys)?.contains(word) == true, "\(json)")
        }
    }

    @Test func whatHasToBeUnderstoodAndIsNotIsRefused() throws {
        let signer = try TestSigner.ed25519.get()
        let token = try signer.token(
            claims, .edDSA, header: #""kid":"k","crit":["b64"],"b64":false"#)
        #expect(fault(token, try keys(signer))?.contains("understood") == true)
    }

    // MARK: Keys that come along

    @Test func aKeyThatComesAlongHasToBeOneOfThoseKnown() throws {
        let signer = try TestSigner.p256.get()
        let keys = try keys(signer)
        let token = try signer.token(claims, .es256, header: #""jwk":\#(signer.jwk())"#)
        #expect(fault(token, keys) == nil)
        // Not one that only has the name of one.
        let forger = try TestSigner.ed25519.get()
        let jwk = try forger.jwk(#""kid":"k""#)
        let forged = try forger.token(claims, .edDSA, header: #""kid":"k","jwk":\#(jwk)"#)
        #expect(fault(forged, keys)?.contains("not known") == true)
    }

    private func encoded(_ certificate: TestCertificate) throws -> String {
        String(decoding: try certificate.certificateText(), as: UTF8.self)
            .split(separator: "\n").filter { !$0.hasPrefix("-") }.joined()
    }

    private func certificate(_ certificate: TestCertificate) throws -> Certificate {
        let list = Certificate.list(pem: try certificate.certificateText())
        return try #require(list?.first)
    }

    @Test func aChainHasToLeadToACertificateThatIsBelieved() throws {
        let root = try TestCertificate(name: "root")
        let other = try TestCertificate(name: "root")
        let between = try TestCertificate(name: "between", issuer: root)
        let leaf = try TestCertificate(
            name: "tokens", alternativeNames: "DNS:tokens.test", issuer: between)
        let signer = try TestSigner(pem: leaf.keyText())
        let chain = #"["\#(try encoded(leaf))","\#(try encoded(between))"]"#
        let short = #"["\#(try encoded(leaf))"]"#
        let keys = TokenKeys(certificates: [try certificate(root)], keySet: nil)
        for (header, authority, isBelieved) in [
            (#""x5c":\#(chain)"#, root, true), (#""x5c":\#(chain)"#, other, false),
            (#""x5c":\#(short)"#, root, false), (#""x5c":\#(short)"#, between, true),
            (#""x5c":\#(short)"#, leaf, true), (#""x5c":["AAAA"]"#, root, false),
            (#""x5c":["!"]"#, root, false),
            (#""jwk":\#(try signer.jwk(#""x5c":\#(chain)"#))"#, root, true),
            (#""jwk":\#(try TestSigner.ed25519.get().jwk(#""x5c":\#(chain)"#))"#, root, false),
        ] {
            let keys = TokenKeys(certificates: [try certificate(authority)], keySet: nil)
            let token = try signer.token(claims, .edDSA, header: header)
            #expect((fault(token, keys) == nil) == isBelieved, "\(header.prefix(8))")
        }
        // The root's own key is known by name.
        let own = try TestSigner(pem: root.keyText())
        let name = try own.publicKey().fingerprint
        #expect(fault(try own.token(claims, .edDSA, header: #""kid":"\#(name)""#), keys) == nil)
    }

    @Test func aCertificateThatHasEndedVouchesForNothing() throws {
        let root = try TestCertificate(name: "root")
        let leaf = try TestCertificate(
            name: "tokens", alternativeNames: "DNS:tokens.test", issuer: root, secondsToEnd: -60)
        let token = try TestSigner(pem: leaf.keyText()).token(
            claims, .edDSA, header: #""x5c":["\#(try encoded(leaf))"]"#)
        let keys = TokenKeys(certificates: [try certificate(root)], keySet: nil)
        #expect(fault(token, keys)?.contains("not known") == true)
    }

    @Test func tooLongAChainIsNotLookedAt() throws {
        let root = try TestCertificate(name: "root")
        let keys = TokenKeys(certificates: [try certificate(root)], keySet: nil)
        let signer = try TestSigner(pem: root.keyText())
        let text = try encoded(root)
        for (count, isBelieved) in [(8, true), (9, false)] {
            let chain = Array(repeating: "\"\(text)\"", count: count).joined(separator: ",")
            let token = try signer.token(claims, .edDSA, header: #""x5c":[\#(chain)]"#)
            #expect((fault(token, keys) == nil) == isBelieved)
        }
    }

    @Test func shortKeysOfRSAAreNotTaken() throws {
        let signer = try TestSigner.shortRSA.get()
        #expect(throws: TestSigner.Failure.self) { try signer.publicKey() }
    }
}
