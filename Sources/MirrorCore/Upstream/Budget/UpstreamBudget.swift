internal import Synchronization

/// What an upstream allows to be asked, by identity. A fetcher reports to it what the upstream
/// says, and ``BudgetedUpstream`` holds requests back by it.
public final class UpstreamBudget: RateLimitObserver {
    /// Identities remembered; past it all are forgotten.
    private static let identityLimit = 1024

    private struct State {
        /// As whom the upstream answered the mirror last: as whom it will be asked next.
        var identity = UpstreamIdentity.anonymous
        private var allowances: [UpstreamIdentity: RequestAllowance] = [:]

        /// What may be asked as whom the current task asks.
        var current: RequestAllowance {
            get { allowances[asker] ?? RequestAllowance() }
            set {
                if allowances.count >= identityLimit, allowances[asker] == nil { allowances = [:] }
                allowances[asker] = newValue
            }
        }

        private var asker: UpstreamIdentity { ClientCredential.current?.identity ?? identity }
    }

    private let scarceBelow: Double
    private let time: any TimeSource
    private let logger: Logger
    private let state = Mutex(State())

    /// A budget of which nothing is known yet.
    ///
    /// - Parameters:
    ///   - fraction: of the limit, below which what is left counts as scarce.
    ///   - time: the clock.
    ///   - logger: told when requests are held back, and when few are left.
    public init(
        scarceBelow fraction: Double = UpstreamLimits().scarceBelow,
        time: any TimeSource = SystemTimeSource(), logger: Logger = .disabled
    ) {
        scarceBelow = fraction
        self.time = time
        self.logger = logger
    }

    /// The upstream has answered a request made as `identity`.
    public func didAnswer(as identity: UpstreamIdentity, stating limit: RateLimit?) {
        let now = time.now
        let becameScarce = state.withLock { state in
            if ClientCredential.current == nil { state.identity = identity }
            guard let limit else { return false }
            let wasScarce = state.current.isScarce(below: scarceBelow, at: now)
            state.current.didState(limit, at: now)
            return !wasScarce && state.current.isScarce(below: scarceBelow, at: now)
        }
        guard becameScarce else { return }
        logger.warning(
            "upstream allows few more pulls; tags are served from what is held for longer",
            LogField("ratelimit.limit", limit?.limit ?? -1),
            LogField("ratelimit.remaining", limit?.remaining ?? -1),
            LogField("ratelimit.window", limit?.window ?? .zero))
    }

    /// What may be expected of the upstream now: closed when it wants to be left alone, scarce
    /// when it gives no manifests or few more.
    var outlook: UpstreamOutlook {
        let now = time.now
        let allowance = state.withLock { $0.current }
        if allowance.delay(of: .check, at: now) != nil { return .closed }
        return allowance.isScarce(below: scarceBelow, at: now) ? .scarce : .clear
    }

    /// What the upstream last stated, as long as it is worth something.
    var stated: RateLimit? {
        let now = time.now
        return state.withLock { $0.current.stated(at: now) }
    }

    /// Passes when a request of this kind may be made.
    ///
    /// - Throws: ``UpstreamError/Code/rateLimited`` with the time that is left.
    func admit(_ kind: RequestKind) throws(UpstreamError) {
        let now = time.now
        guard let delay = state.withLock({ $0.current.delay(of: kind, at: now) }) else { return }
        throw UpstreamError(
            .rateLimited, "upstream wants fewer requests, and is left alone for a while",
            retryAfter: delay)
    }

    /// A request of this kind ended: with `error`, or without.
    func didEnd(_ kind: RequestKind, with error: UpstreamError?) {
        let now = time.now
        let heldFor: Duration? = state.withLock { state in
            switch error?.code {
            case .rateLimited:
                let isNews = state.current.delay(of: kind, at: now) == nil
                state.current.wasRefused(kind, for: error?.retryAfter, at: now)
                return isNews ? state.current.delay(of: kind, at: now) : nil
            case nil, .notFound: state.current.wasServed(kind, at: now)
            case .denied, .unavailable, .invalid: break
            }
            return nil
        }
        guard let heldFor else { return }
        logger.warning(
            "upstream wants fewer requests; it is left alone", LogField("requests", "\(kind)"),
            LogField("delay", heldFor), LogField("error", error?.reason ?? ""))
    }
}
