internal import MirrorCore
internal import MirrorSystem
internal import Synchronization

/// Tokens until shortly before they end. One request gets a token for all who wait for it; when
/// it fails they all hear of it, and the next to come tries again.
final class TokenCache: Sendable {
    typealias Outcome = Result<RegistryToken, UpstreamError>

    /// A token, and whether it was asked for just now.
    struct Found: Sendable {
        let secret: Secret
        let isNew: Bool
    }

    private enum Entry {
        case held(Secret, until: UInt64)
        case underWay(SharedOutcome<Outcome>)
    }

    /// How many tokens are kept; past it the cache starts anew.
    private static let countLimit = 4096

    private let entries = Mutex<[TokenKey: Entry]>([:])
    private let now: @Sendable () -> UInt64

    init(now: @escaping @Sendable () -> UInt64 = { MonotonicClock.nanoseconds }) {
        self.now = now
    }

    /// The token for `key`, which `fetch` gets where none is held. Call on an event loop.
    func token(
        for key: TokenKey, on loop: EventLoop, deadline: Deadline,
        fetch: @escaping @Sendable () async -> Outcome
    ) async throws(UpstreamError) -> Found {
        let underWay: SharedOutcome<Outcome>
        switch heldOrUnderWay(key, on: loop, fetch) {
        case .held(let secret, _): return Found(secret: secret, isNew: false)
        case .underWay(let outcome): underWay = outcome
        }
        switch await underWay.value(on: loop, within: deadline.remaining) {
        case .success(let token): return Found(secret: token.secret, isNew: true)
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
            if case .held(secret, _) = entries[key] { entries[key] = nil }
        }
    }

    private func heldOrUnderWay(
        _ key: TokenKey, on loop: EventLoop, _ fetch: @escaping @Sendable () async -> Outcome
    ) -> Entry {
        entries.withLock { entries in
            switch entries[key] {
            case .held(let secret, let until) where until > now():
                return .held(secret, until: until)
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
            guard case .success(let token) = outcome, token.lifetime > .zero else {
                entries[key] = nil
                return
            }
            let until = now() &+ UInt64(token.lifetime.nanoseconds)
            entries[key] = .held(token.secret, until: until)
        }
        return outcome
    }
}
