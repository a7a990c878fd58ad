internal import MirrorCore
internal import MirrorSystem
internal import Synchronization

/// Tokens until shortly before they end. One request gets a token for all who wait for it; when
/// it fails they all hear of it, and the next to come tries again.
final class TokenCache: Sendable {
    /// A token; nothing where there are no credentials to get it with.
    typealias Outcome = Result<GrantedToken?, UpstreamError>

    /// A token, and whether it was asked for just now.
    struct Found: Sendable {
        let secret: Secret
        let login: RegistryCredentials?
        let isNew: Bool
    }

    private enum Entry {
        case held(GrantedToken, until: UInt64)
        case underWay(SharedOutcome<Outcome>)
    }

    /// How many tokens are kept; past it the cache starts anew.
    private static let countLimit = 4096

    private let entries = Mutex<[TokenKey: Entry]>([:])
    private let now: @Sendable () -> UInt64

    init(now: @escaping @Sendable () -> UInt64 = { MonotonicClock.nanoseconds }) {
        self.now = now
    }

    /// The token for `key`, which `fetch` gets where none is held; nil where it gets none. Call
    /// on an event loop.
    func token(
        for key: TokenKey, on loop: EventLoop, deadline: Deadline,
        fetch: @escaping @Sendable () async -> Outcome
    ) async throws(UpstreamError) -> Found? {
        let underWay: SharedOutcome<Outcome>
        switch heldOrUnderWay(key, on: loop, fetch) {
        case .held(let granted, _): return Self.found(granted, isNew: false)
        case .underWay(let outcome): underWay = outcome
        }
        switch await underWay.value(on: loop, within: deadline.remaining) {
        case .success(let granted): return granted.map { Self.found($0, isNew: true) }
        case .failure(let error): throw error
        case nil:
            throw UpstreamError(
                .unavailable,
                "\(Task.isCancelled ? "cancelled" : "timed out") waiting for a token "
                    + "from \(key.realm)")
        }
    }

    /// Forgets a token that was refused.
    func drop(_ secret: Secret, for key: TokenKey) {
        entries.withLock { entries in
            if case .held(let granted, _) = entries[key], granted.token.secret == secret {
                entries[key] = nil
            }
        }
    }

    /// Forgets every token that these credentials got.
    func dropAll(gotWith login: RegistryCredentials) {
        entries.withLock { entries in
            entries = entries.filter { _, entry in
                if case .held(let granted, _) = entry { return granted.login != login }
                return true
            }
        }
    }

    private static func found(_ granted: GrantedToken, isNew: Bool) -> Found {
        Found(secret: granted.token.secret, login: granted.login, isNew: isNew)
    }

    private func heldOrUnderWay(
        _ key: TokenKey, on loop: EventLoop, _ fetch: @escaping @Sendable () async -> Outcome
    ) -> Entry {
        entries.withLock { entries in
            switch entries[key] {
            case .held(let granted, let until) where until > now():
                return .held(granted, until: until)
            case .underWay(let outcome): return .underWay(outcome)
            case .held, nil: break
            }
            if entries.count >= Self.countLimit { entries = [:] }
            let entry = Entry.underWay(
                SharedOutcome(on: loop) { [self] in remember(await fetch(), for: key) })
            entries[key] = entry
            return entry
        }
    }

    private func remember(_ outcome: Outcome, for key: TokenKey) -> Outcome {
        entries.withLock { entries in
            guard case .success(let granted?) = outcome, granted.token.lifetime > .zero else {
                entries[key] = nil
                return
            }
            let until = now() &+ UInt64(granted.token.lifetime.nanoseconds)
            entries[key] = .held(granted, until: until)
        }
        return outcome
    }
}
