internal import MirrorCore

/// What upstream said of who may read what, for a while. Time is passed in, in nanoseconds.
///
/// Grants and refusals have memories of their own: whoever makes up credentials pushes out
/// refusals, and no grant.
struct AccessMemory: Sendable {
    /// Whom something was decided for; no header is ever kept, but what tells it from others.
    struct Key: Hashable, Sendable {
        /// The hash of what the client sent; nil for nothing.
        let client: Digest?
        /// Nil for `/v2/`.
        let repository: RepositoryName?
    }

    private struct Grant {
        /// Until when it is believed.
        let end: UInt64
        /// Until when it counts while upstream cannot say.
        let staleEnd: UInt64
    }

    private struct Refusal {
        let answer: AccessAnswer
        let end: UInt64
    }

    /// Grants remembered; those not used go first.
    private static let grantLimit = 16_384
    /// Bytes of refusals remembered, with their challenges; those not used go first.
    private static let refusalByteLimit = 4 << 20
    /// How long credentials that were refused are not asked about again, in nanoseconds.
    private static let refusalLifetime: UInt64 = 5_000_000_000
    /// How long is known what the upstream asks of those who send nothing, in nanoseconds.
    private static let challengeLifetime: UInt64 = 600_000_000_000

    private let settings: ClientTokenSettings
    private var grants = BoundedCache<Key, Grant>(weightLimit: grantLimit)
    private var refusals = BoundedCache<Key, Refusal>(weightLimit: refusalByteLimit)

    init(_ settings: ClientTokenSettings) {
        self.settings = settings
    }

    /// What upstream said not long ago.
    mutating func answer(for key: Key, at now: UInt64) -> AccessAnswer? {
        if let grant = grants.value(for: key), now < grant.end { return .granted }
        if let refusal = refusals.value(for: key), now < refusal.end { return refusal.answer }
        return nil
    }

    /// Whether upstream allowed it, and may be taken to do so while it cannot say.
    mutating func isStillGranted(_ key: Key, at now: UInt64) -> Bool {
        grants.value(for: key).map { now < $0.staleEnd } ?? false
    }

    /// Keeps what upstream said.
    ///
    /// - Parameter rest: how long the client's token is still good for, where it says so.
    mutating func didAnswer(
        _ answer: AccessAnswer, for key: Key, tokenEndsIn rest: Duration?, at now: UInt64
    ) {
        switch answer {
        case .granted:
            let lifetime = min(settings.maxAge, max(rest ?? settings.maxAge, .zero))
            let staleLifetime = max(lifetime, settings.staleIfError)
            grants.insert(
                Grant(end: now + lifetime, staleEnd: now + staleLifetime), for: key, weight: 1)
            refusals.remove(key)
        case .unauthorized(let challenges):
            grants.remove(key)
            let lifetime = key.client == nil ? Self.challengeLifetime : Self.refusalLifetime
            let weight = challenges.reduce(256) { $0 + $1.utf8.count }
            refusals.insert(Refusal(answer: answer, end: now + lifetime), for: key, weight: weight)
        case .denied:
            grants.remove(key)
            refusals.insert(
                Refusal(answer: answer, end: now + Self.refusalLifetime), for: key, weight: 256)
        // It speaks of one manifest or blob, not of the repository.
        case .notFound: break
        }
    }
}

extension UInt64 {
    /// A moment so much later.
    fileprivate static func + (moment: UInt64, duration: Duration) -> UInt64 {
        let (sum, overflow) = moment.addingReportingOverflow(UInt64(duration.nanoseconds))
        return overflow ? .max : sum
    }
}
