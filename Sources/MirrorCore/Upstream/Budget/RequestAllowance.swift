/// What one identity may ask of an upstream now, as far as the upstream has said. Time is passed
/// in.
//
//   refused with 429     held back until the time has come
//   pull, blob, list     its own kind
//   check                every kind: who refuses what is free wants to be left alone
struct RequestAllowance {
    /// Without word from the upstream, the first refusal in a row holds requests back for this
    /// long, and each further one for twice as long as the one before.
    private static let firstPause = Duration.seconds(30)
    /// The longest that requests are held back without word from the upstream.
    private static let pauseLimit = Duration.seconds(900)
    /// The shortest that a refusal holds requests back, whatever the upstream says.
    private static let shortestPause = Duration.seconds(1)

    private struct Hold {
        var until: WallTime
        var refusalCount = 0
    }

    private var holds: [RequestKind: Hold] = [:]
    private var limit: (stated: RateLimit, until: WallTime)?

    /// How long a request of this kind must wait; nil when it may be made.
    func delay(of kind: RequestKind, at now: WallTime) -> Duration? {
        let until = [holds[kind]?.until, holds[.check]?.until].compactMap { $0 }.max()
        guard let until, until > now else { return nil }
        return until - now
    }

    /// Whether less than `fraction` of the pulls allowed is left, or none at all.
    func isScarce(below fraction: Double, at now: WallTime) -> Bool {
        if delay(of: .pull, at: now) != nil { return true }
        guard let limit, now < limit.until else { return false }
        return limit.stated.isBelow(fraction)
    }

    /// What upstream stated last, as long as it is worth something.
    func stated(at now: WallTime) -> RateLimit? {
        limit.flatMap { now < $0.until ? $0.stated : nil }
    }

    /// Upstream stated what is left.
    mutating func didState(_ stated: RateLimit, at now: WallTime) {
        limit = (stated, now + stated.lifetime)
    }

    /// Upstream answered a request with 429.
    mutating func wasRefused(_ kind: RequestKind, for delay: Duration?, at now: WallTime) {
        var hold = holds[kind] ?? Hold(until: now)
        // What was under way when the first was refused is refused too, and says nothing new.
        if hold.until <= now { hold.refusalCount += 1 }
        let pause = delay.map { max($0, Self.shortestPause) } ?? Self.pause(hold.refusalCount)
        hold.until = max(hold.until, now + pause)
        holds[kind] = hold
    }

    /// Upstream answered a request as one that is allowed.
    mutating func wasServed(_ kind: RequestKind, at now: WallTime) {
        if let hold = holds[kind], hold.until <= now { holds[kind] = nil }
    }

    private static func pause(_ refusalCount: Int) -> Duration {
        min(firstPause * (1 << min(refusalCount - 1, 16)), pauseLimit)
    }
}
