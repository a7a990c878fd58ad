internal import MirrorSystem

/// The keys that tokens may be signed with, and the authorities that may name others.
struct TokenKeys: Sendable {
    /// A key, and the algorithm that it is for, where it is for one only.
    struct Trusted: Sendable {
        let key: PublicKey
        var algorithm: String?
    }

    /// Certificates that are looked at in a token; with more it is not believed.
    private static let chainLimit = 8

    /// Tells these keys from those that were read before or after: what was proved by them is
    /// proved by them alone.
    let generation = UInt64.random(in: .min ... .max)
    private var named: [String: Trusted] = [:]
    private var trusted: [PublicKey: Trusted] = [:]
    private let roots: CertificateRoots?

    /// - Parameters:
    ///   - certificates: their keys sign tokens, or other certificates whose keys do.
    ///   - keySet: keys that are known by their names.
    init(certificates: [Certificate], keySet: JSONWebKeySet?) {
        roots = certificates.isEmpty ? nil : CertificateRoots(certificates)
        for key in certificates.compactMap(\.key) { add(Trusted(key: key)) }
        for entry in keySet?.keys ?? [] {
            guard let key = entry.key else { continue }
            let trusted = Trusted(key: key, algorithm: entry.alg)
            add(trusted)
            if let name = entry.kid { named[name] = trusted }
        }
    }

    /// How many keys are known.
    var count: Int { trusted.count }

    private mutating func add(_ key: Trusted) {
        trusted[key.key] = key
        named[key.key.thumbprint] = key
        named[key.key.fingerprint] = key
    }

    /// The key that a token says to be signed with, if it is one to be believed. What it brings
    /// along is looked at in the reference registry's order: certificates, a key, a key's name.
    func key(for header: TokenHeader) -> Trusted? {
        if let chain = header.x5c, !chain.isEmpty, roots != nil { return key(ofChain: chain) }
        if let jwk = header.jwk {
            guard let key = jwk.key else { return nil }
            guard let chain = jwk.x5c, !chain.isEmpty else { return trusted[key] }
            return self.key(ofChain: chain).flatMap { $0.key == key ? $0 : nil }
        }
        return header.kid.flatMap { named[$0] }
    }

    private func key(ofChain texts: [String]) -> Trusted? {
        guard let roots, texts.count <= Self.chainLimit else { return nil }
        let chain = texts.compactMap { text in
            base64Decoded(text).flatMap { Certificate(encoded: $0) }
        }
        guard chain.count == texts.count, roots.vouch(for: chain) else { return nil }
        return chain.first?.key.map { Trusted(key: $0) }
    }
}
