import MirrorCore
import Testing

@testable import MirrorHTTP

@Suite struct ClientAuthorizationTests {
    @Test func basicNamesTheUser() throws {
        // printf 'ann:s3:cret' | base64
        let basic = try #require(ClientAuthorization("basic  YW5uOnMzOmNyZXQ="))
        #expect(basic.user == "ann")
        #expect(basic.end == nil)
        #expect(basic.value.revealed == "basic  YW5uOnMzOmNyZXQ=")
        #expect(!"\(basic)".contains("YW5u"))
    }

    @Test(arguments: ["Basic !!!", "Basic YW5u", "Basic ", "Basic //8=", "Bearer YW5uOnMzOmNyZXQ="])
    func whatNamesNobodyIsTakenAllTheSame(_ field: String) throws {
        #expect(try #require(ClientAuthorization(field)).user == nil)
    }

    @Test(arguments: [
        nil, "", "Bearer", "Negotiate abc", "AWS4-HMAC-SHA256 Credential=x", "Digest username=a",
    ])
    func otherSchemesAreLikeNone(_ field: String?) {
        #expect(ClientAuthorization(field) == nil)
    }

    /// Claims of a token, and its end.
    static let claims: [(String, Int64?)] = [
        // {"sub":"a","exp":1700000300}
        ("eyJzdWIiOiJhIiwiZXhwIjoxNzAwMDAwMzAwfQ", 1_700_000_300),
        ("eyJzdWIiOiJhIiwiZXhwIjoxNzAwMDAwMzAwfQ==", 1_700_000_300),
        // {"exp":1700000300.9}
        ("eyJleHAiOjE3MDAwMDAzMDAuOX0", 1_700_000_300),
        // {"exp":"soon"}, {"exp":-1}, {"exp":1e300}, {}, and what is no JSON
        ("eyJleHAiOiJzb29uIn0", nil), ("eyJleHAiOi0xfQ", nil), ("eyJleHAiOjFlMzAwfQ", nil),
        ("e30", nil), ("bm9uZQ", nil), ("", nil), ("!", nil),
    ]

    @Test(arguments: claims)
    func aTokenMaySayWhenItEnds(_ claims: String, _ end: Int64?) throws {
        let bearer = try #require(ClientAuthorization("Bearer e30.\(claims).c2ln"))
        #expect(bearer.end == end.map { .seconds($0) })
    }

    @Test(arguments: ["opaque", "a.b", "a.b.c.d"])
    func aTokenOfAnotherKindSaysNothing(_ token: String) throws {
        #expect(try #require(ClientAuthorization("Bearer \(token)")).end == nil)
    }

    @Test(arguments: [
        ("", ""), ("Zg==", "f"), ("Zm8=", "fo"), ("Zm9v", "foo"), ("Zm9vYg", "foob"),
        ("Zm9vYmE", "fooba"), ("Zm9vYmFy", "foobar"),
    ])
    func base64IsDecoded(_ text: String, _ expected: String) {
        #expect(base64Decoded(text) == Array(expected.utf8))
        #expect(base64Decoded("-_8") == [0xfb, 0xff])
        #expect(base64Decoded("+/8=") == [0xfb, 0xff])
        for wrong in ["Z", "Zm9vY", "Zm 9", "Z=m9"] { #expect(base64Decoded(wrong) == nil) }
    }
}
