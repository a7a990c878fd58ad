internal import MirrorCore
internal import MirrorSystem

/// What a key is called by its content: the `kid` of tokens.
extension PublicKey {
    /// As the reference registry's line 3 has it: the hash of its JSON (RFC 7638), in Base64.
    var thumbprint: String {
        let json =
            switch parts {
            case .rsa(let modulus, let exponent):
                #"{"e":"\#(urlBase64(exponent))","kty":"RSA","n":"\#(urlBase64(modulus))"}"#
            case .elliptic(let curve, let x, let y):
                #"{"crv":"\#(curve.rawValue)","kty":"EC","x":"\#(urlBase64(x))","#
                    + #""y":"\#(urlBase64(y))"}"#
            case .ed25519(let bytes):
                #"{"crv":"Ed25519","kty":"OKP","x":"\#(urlBase64(bytes))"}"#
            }
        return urlBase64(hash(Array(json.utf8)))
    }

    /// As line 2.8 has it: 240 bits of the hash of its binary form, in Base32, in groups of four.
    var fingerprint: String {
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")
        let hash = hash(encoded)
        var text = ""
        for index in 0..<48 {
            if index > 0, index % 4 == 0 { text += ":" }
            let (byte, bit) = (index * 5 / 8, index * 5 % 8)
            let pair = UInt16(hash[byte]) << 8 | UInt16(hash[byte + 1])
            text.append(alphabet[Int(pair >> UInt16(11 - bit) & 31)])
        }
        return text
    }

    private func hash(_ bytes: [UInt8]) -> [UInt8] {
        let hasher = ContentHasher(.sha256)
        hasher.update(bytes)
        return hasher.finish()
    }
}

/// Base64 for URLs, without padding (RFC 7515 section 2).
private func urlBase64(_ bytes: [UInt8]) -> String {
    String(
        base64(bytes).compactMap { character -> Character? in
            switch character {
            case "+": "-"
            case "/": "_"
            case "=": nil
            default: character
            }
        })
}
