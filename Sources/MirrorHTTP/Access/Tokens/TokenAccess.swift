public import MirrorCore
internal import MirrorSystem
internal import Synchronization

/// Lets clients do what the token allows that they show: the reference registry's `token`.
///
/// A token that was found right is remembered, so that its signature is checked once.
public final class TokenAccess: AccessController {
    /// Bytes of tokens remembered; those not used go first.
    private static let memoryByteLimit = 8 << 20
    /// How long a token is remembered at most, in nanoseconds: certificates that it brought along
    /// may end.
    private static let memoryLifetime: UInt64 = 3_600_000_000_000
    /// Tokens that are looked at at once; further clients are told to come back.
    private static let checkLimit = 1_024

    private struct Proof: Sendable {
        let claims: TokenClaims
        /// Until when it is remembered.
        let end: UInt64
    }

    private let settings: TokenSettings
    private let verifier: TokenVerifier
    private let keys: WatchedFiles<TokenKeys>
    private let time: any TimeSource
    private let now: @Sendable () -> UInt64
    private let hash = KeyedHash()
    private let memory = Mutex(BoundedCache<[UInt8], Proof>(weightLimit: memoryByteLimit))
    private let checks = SingleFlight<[UInt8], TokenClaims, TokenVerifier.Fault>()

    /// Reads the keys. It blocks. They are read anew when their files change.
    ///
    /// - Throws: when there are none.
    public convenience init(
        _ settings: TokenSettings, logger: Logger = .disabled
    ) throws(StartError) {
        try self.init(settings, logger: logger, time: SystemTimeSource())
    }

    init(
        _ settings: TokenSettings, logger: Logger = .disabled, time: any TimeSource,
        now: @escaping @Sendable () -> UInt64 = { MonotonicClock.nanoseconds }
    ) throws(StartError) {
        self.settings = settings
        self.time = time
        self.now = now
        let (certificates, keySet) = (settings.certificateFile, settings.keySetFile)
        do throws(ReloadError) {
            keys = try WatchedFiles(
                "keys of tokens", [certificates, keySet].compactMap(\.self), time: time,
                logger: logger
            ) { () throws(ReloadError) in
                try TokenKeys(certificateFile: certificates, keySetFile: keySet)
            }
        } catch {
            throw StartError("clients cannot be let in by tokens: \(error)")
        }
        verifier = TokenVerifier(
            issuer: settings.issuer, service: settings.service,
            algorithms: Set(settings.algorithms.compactMap(SignatureAlgorithm.init)))
    }

    /// What the token allows.
    public func decide(_ request: AccessRequest) async -> AccessDecision {
        let authorization = ClientAuthorization(request.request.head.fields[.authorization])
        guard let token = authorization?.token else { return refusal(request) }
        do throws(TokenVerifier.Fault) {
            guard let claims = try await claims(of: token) else {
                return .refused(
                    AccessRefusal(
                        .unavailable, "too many tokens are looked at at once",
                        retryAfter: .seconds(1)))
            }
            guard request.resource.map(claims.allows) ?? true else {
                return refusal(request, .insufficientScope, "the token does not allow it")
            }
            let user = claims.subject.flatMap { $0.isEmpty ? nil : $0 }
            return .allowed(AccessGrant(user: user))
        } catch {
            return refusal(request, .invalidToken, error.reason)
        }
    }

    /// What a token says; nil where it cannot be found out now.
    private func claims(of token: Secret) async throws(TokenVerifier.Fault) -> TokenClaims? {
        let keys = await keys.content()
        let key = hash(token.revealed, "\(keys.generation)")
        let (now, wallTime) = (now(), time.now)
        let proof = memory.withLock { $0.value(for: key) }
        if let proof, now < proof.end, proof.claims.isGood(at: wallTime) { return proof.claims }
        guard checks.count < Self.checkLimit else { return nil }
        let (claims, _) = try await checks.value(for: key) {
            [self] () async throws(TokenVerifier.Fault) in
            let claims = try verifier.claims(of: token.revealed, by: keys, at: wallTime)
            let proof = Proof(claims: claims, end: now &+ Self.memoryLifetime)
            // What is read of a token takes about as much as the token.
            let weight = 512 + token.revealed.utf8.count
            memory.withLock { $0.insert(proof, for: key, weight: weight) }
            return claims
        }
        return claims
    }

    private func refusal(
        _ request: AccessRequest, _ fault: BearerChallenge.Fault? = nil, _ reason: String = ""
    ) -> AccessDecision {
        let challenge = BearerChallenge(
            realm: realm(for: request.request), service: settings.service,
            resource: request.resource, fault: fault)
        return .refused(AccessRefusal(.unauthorized(challenges: [challenge.text]), reason))
    }

    /// Where the client is to get a token: on the host that it asks, where that is set.
    private func realm(for request: Request) -> String {
        let fields = request.head.fields
        guard let path = settings.redirectPath, let host = fields[.host], !host.isEmpty else {
            return settings.realm
        }
        let scheme = fields[.xForwardedProto].map { $0.lowercased() }
        return "\(scheme == "http" ? "http" : "https")://\(host)\(path)"
    }
}

extension TokenAccess: Reloadable {
    /// `keys of tokens`.
    public var reloadName: String { keys.reloadName }

    /// Reads the files, changed or not.
    public func reload() async throws(ReloadError) { try await keys.reload() }
}
