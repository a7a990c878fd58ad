internal import MirrorCore
internal import MirrorSystem

/// Finds out whether a token is what it says: signed with a key that is believed, by the right
/// issuer, for this service, now.
struct TokenVerifier: Sendable {
    /// Why a token is not believed, for the log.
    struct Fault: Error, Hashable {
        let reason: String
    }

    let issuer: String
    let service: String
    /// The algorithms that are taken.
    let algorithms: Set<SignatureAlgorithm>

    /// What a token says, once all of it is found right and it is signed with one of `keys`.
    func claims(
        of text: String, by keys: TokenKeys, at now: WallTime
    ) throws(Fault) -> TokenClaims {
        guard let token = SignedToken(text) else {
            throw Fault(reason: "the token is malformed")
        }
        try checkClaims(token.claims, at: now)
        try checkSignature(token, by: keys)
        return token.claims
    }

    private func checkClaims(_ claims: TokenClaims, at now: WallTime) throws(Fault) {
        guard claims.issuer == issuer else {
            throw Fault(reason: "the token is of another issuer")
        }
        guard claims.isFor(service) else {
            throw Fault(reason: "the token is for another service")
        }
        guard claims.isGood(at: now) else {
            throw Fault(reason: "the token has expired, or does not hold yet")
        }
    }

    private func checkSignature(
        _ token: SignedToken, by keys: TokenKeys
    ) throws(Fault) {
        guard token.header.crit == nil else {
            throw Fault(reason: "the token asks for what is not understood here")
        }
        guard let algorithm = SignatureAlgorithm(rawValue: token.header.alg),
            algorithms.contains(algorithm)
        else { throw Fault(reason: "the token is signed by an algorithm that is not taken") }
        guard let trusted = keys.key(for: token.header) else {
            throw Fault(reason: "the token is signed with a key that is not known")
        }
        guard trusted.algorithm.map({ $0 == algorithm.rawValue }) ?? true,
            trusted.key.verifies(token.signature, of: token.signedBytes, by: algorithm)
        else { throw Fault(reason: "the token's signature is wrong") }
    }
}
