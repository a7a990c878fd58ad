import MirrorCore
import Testing

@testable import MirrorHTTP

@Suite struct SignedTokenTests {
    private func token(_ header: String, _ claims: String, _ signature: String = "AAAA") -> String {
        "\(url(Array(header.utf8))).\(url(Array(claims.utf8))).\(signature)"
    }

    private func claims(_ json: String) throws -> TokenClaims {
        try #require(SignedToken(token(#"{"alg":"none"}"#, json))).claims
    }

    @Test func aTokenIsRead() throws {
        let text = token(#"{"typ":"JWT","alg":"ES256","kid":"k"}"#, #"{"iss":"i","sub":"ann"}"#)
        let token = try #require(SignedToken(text))
        #expect(token.header.alg == "ES256")
        #expect(token.header.kid == "k")
        #expect(token.claims.issuer == "i")
        #expect(token.claims.subject == "ann")
        #expect(token.signature == [0, 0, 0])
        #expect(token.signedBytes == Array(text.dropLast(5).utf8))
    }

    @Test(arguments: [
        "", ".", "..", "a.b", "e30.e30.AAAA", "eyJhbGciOiJ4In0.e30.AAAA.AAAA",
        "eyJhbGciOiJ4In0.e30",
        "eyJhbGciOiJ4In0=.e30.AAAA", "eyJhbGciOiJ4In0.e30.AA+A", "eyJhbGciOiJ4In0.e30.A",
        " eyJhbGciOiJ4In0.e30.AAAA", "eyJhbGciOiJ4In0.W10.AAAA", "W10.e30.AAAA",
        "eyJhbGciOiJ4In0.bm9uZQ.AAAA", "eyJhbGciOjF9.e30.AAAA",
    ])
    func allElseIsMalformed(_ text: String) {
        #expect(SignedToken(text) == nil)
    }

    @Test(arguments: [
        (#"{"aud":"m"}"#, true), (#"{"aud":["x","m"]}"#, true), (#"{"aud":"x"}"#, false),
        (#"{"aud":[]}"#, false), (#"{"aud":"mm"}"#, false), ("{}", false),
        (#"{"aud":null}"#, false),
    ])
    func itIsForWhomItNames(_ json: String, _ isForIt: Bool) throws {
        #expect(try claims(json).isFor("m") == isForIt)
    }

    /// With a minute for clocks that differ.
    @Test(arguments: [
        (#"{"exp":1000}"#, 1060, true), (#"{"exp":1000}"#, 1061, false), ("{}", 0, false),
        (#"{"exp":1000.5}"#, 1060, true), (#"{"exp":1e300}"#, 1_700_000_000, true),
        (#"{"exp":-1}"#, 1, true), (#"{"exp":-1e300}"#, 1, false),
        (#"{"exp":2000,"nbf":1000}"#, 940, true), (#"{"exp":2000,"nbf":1000}"#, 939, false),
        (#"{"exp":2000,"nbf":1e300}"#, 1000, false), (#"{"exp":2000,"iat":3000}"#, 1000, true),
    ])
    func itHoldsForItsTime(_ json: String, _ seconds: Int64, _ holds: Bool) throws {
        #expect(try claims(json).isGood(at: .seconds(seconds)) == holds)
    }

    @Test(arguments: [
        (#"[{"type":"repository","name":"a/b","actions":["pull"]}]"#, true),
        (#"[{"type":"repository","name":"a/b","actions":["push","pull"]}]"#, true),
        (#"[{"type":"repository","class":"image","name":"a/b","actions":["*"]}]"#, true),
        (
            #"[{"type":"repository","name":"a/b","actions":["push"]},"#
                + #"{"type":"repository","name":"a/b","actions":["pull"]}]"#, true
        ),
        (#"[{"type":"repository","name":"a/b","actions":["push"]}]"#, false),
        (#"[{"type":"repository","name":"a/b/c","actions":["pull"]}]"#, false),
        (#"[{"type":"repository","name":"a/*","actions":["pull"]}]"#, false),
        (#"[{"type":"registry","name":"a/b","actions":["pull"]}]"#, false),
        (#"[{"type":"repository","name":"a/b","actions":null}]"#, false),
        (#"[{"type":"repository","name":"a/b"}]"#, false), ("[]", false), ("null", false),
    ])
    func itAllowsWhatItSays(_ access: String, _ allows: Bool) throws {
        let resource = AccessResource(type: "repository", name: "a/b", action: "pull")
        #expect(try claims(#"{"access":\#(access)}"#).allows(resource) == allows)
    }
}
