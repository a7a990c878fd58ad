import FoundationEssentials
import MirrorSystem
import Testing

@testable import MirrorHTTP

/// Signatures and names of keys that others have published.
@Suite struct SignatureVectorTests {
    struct Vector: Sendable, CustomStringConvertible {
        let description: String
        let algorithm: SignatureAlgorithm
        let key: String
        let token: String
    }

    static let claims = """
        eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0\
        cnVlfQ
        """

    static let vectors = [
        Vector(
            description: "RFC 7515 A.2", algorithm: .rs256,
            key: """
                {"kty":"RSA","n":"ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfH\
                Qp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ4\
                7soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapH\
                g665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGN\
                j8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ","e":"AQAB"}
                """,
            token: """
                eyJhbGciOiJSUzI1NiJ9.\(claims).cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9P\
                Jbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_O8W2Fp5jujGbds9uJdbF9CUAr7t1dnZcAcQjbKBYNX4B\
                AynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB_eSN9383L\
                cOLn6_dO--xi12jzDwusC-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6L\
                bgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_IoypGlUPQGe77Rw
                """),
        Vector(
            description: "RFC 7515 A.3", algorithm: .es256,
            key: """
                {"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":\
                "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}
                """,
            token: """
                eyJhbGciOiJFUzI1NiJ9.\(claims).DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTj\
                Dxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q
                """),
        Vector(
            description: "RFC 7515 A.4", algorithm: .es512,
            key: """
                {"kty":"EC","crv":"P-521","x":"AekpBQ8ST8a8VcfVOTNl353vSrDCLLJXmPk06wTjxrrjcBpXp\
                5EOnYG_NjFZ6OvLFV1jSfS9tsz4qUxcWceqwQGk","y":"ADSmRA43Z1DSNx_RvcLI87cdL07l6jQyyB\
                XMoxVg_l2Th-x3S1WDhjDly79ajL4Kkd0AZMaZmh9ubmf63e3kyMj2"}
                """,
            token: """
                eyJhbGciOiJFUzUxMiJ9.UGF5bG9hZA.AdwMgeerwtHoh-l192l60hp9wAHZFVJbLfD_UxMi70cwnZOY\
                aRI1bKPWROc-mZZqwqT2SI-KGDKB34XO0aw_7XdtAG8GaSwFKdCAPZgoXD2YBJZCPEX3xKpRwcdOO8Kp\
                EHwJjyqOgzDO7iKvU8vcnwNrmxYbSW9ERBXukOXolLzeO_Jn
                """),
        Vector(
            description: "RFC 8037 A.4", algorithm: .edDSA,
            key: """
                {"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}
                """,
            token: """
                eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc.hgyY0il_MGCjP0JzlnLWG1P\
                POt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg
                """),
    ]

    private func key(_ json: String) throws -> PublicKey {
        let jwk = try JSONDecoder().decode(JSONWebKey.self, from: Data(json.utf8))
        return try #require(jwk.key)
    }

    @Test(arguments: vectors)
    func aPublishedSignatureIsRightAndAnotherWrong(_ vector: Vector) throws {
        let key = try key(vector.key)
        let parts = vector.token.split(separator: ".")
        let message = Array("\(parts[0]).\(parts[1])".utf8)
        let signature = try #require(base64Decoded(parts[2]))
        #expect(key.verifies(signature, of: message, by: vector.algorithm))
        for index in [0, signature.count / 2, signature.count - 1] {
            var other = signature
            other[index] ^= 1
            #expect(!key.verifies(other, of: message, by: vector.algorithm))
        }
        #expect(!key.verifies(signature, of: message + [0], by: vector.algorithm))
        #expect(!key.verifies([], of: message, by: vector.algorithm))
        #expect(!key.verifies(signature + [0], of: message, by: vector.algorithm))
        for algorithm in SignatureAlgorithm.allCases where algorithm != vector.algorithm {
            #expect(!key.verifies(signature, of: message, by: algorithm))
        }
    }

    @Test(arguments: [
        (
            // RFC 7638 section 3.1
            """
            {"kty":"RSA","n":"0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu\
            1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_\
            RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1\
            n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-c\
            sFCur-kEgU8awapJzKnqDKgw","e":"AQAB"}
            """, "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs"
        ),
        (vectors[1].key, "oKIywvGUpTVTyxMQ3bwIIeQUudfr_CkLMjCE19ECD-U"),
        // RFC 8037 A.3
        (vectors[3].key, "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"),
    ])
    func aKeyHasItsThumbprint(_ json: String, _ thumbprint: String) throws {
        #expect(try key(json).thumbprint == thumbprint)
    }

    /// As `openssl pkey -pubin -outform DER | sha256sum` and Base32 have it.
    @Test func aKeyHasItsFingerprint() throws {
        #expect(
            try key(Self.vectors[1].key).fingerprint
                == "FPI3:WDCE:VCL4:GCT2:UCMR:ZXRY:3ADC:7ZCB:3ZIN:UD2G:QJJU:J5QC")
    }

    @Test(arguments: [
        #"{"kty":"oct","k":"AAAA"}"#, #"{"kty":"RSA","n":"AQAB","e":"AQAB"}"#, #"{"kty":"RSA"}"#,
        #"{"kty":"EC","crv":"P-256","x":"AAAA","y":"AAAA"}"#,
        // A point that is not on the curve, and a curve that is not known.
        """
        {"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"f83OJ3D\
        2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU"}
        """,
        """
        {"kty":"EC","crv":"secp256k1","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_F\
        EzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}
        """,
        #"{"kty":"OKP","crv":"X25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}"#,
        #"{"kty":"OKP","crv":"Ed25519","x":"11qY"}"#,
        """
        {"kty":"OKP","crv":"Ed25519","use":"enc","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}
        """,
    ])
    func whatIsNoKeyToCheckWithIsNone(_ json: String) throws {
        let jwk = try JSONDecoder().decode(JSONWebKey.self, from: Data(json.utf8))
        #expect(jwk.key == nil)
    }
}
