public import MirrorCore
internal import MirrorSystem
internal import Synchronization

/// Lets clients read what their own credentials let them read at the upstream: cached private
/// content follows the upstream's rights.
///
/// A client that sends nothing gets the upstream's own challenge, so that it authenticates there.
/// What it sends then is shown to the upstream, with a question that costs no pull, and the answer
/// is remembered for a short time.
public final class ClientTokenAccess: AccessController {
    /// Checks under way at once; further clients are told that it cannot be found out now.
    private static let checkLimit = 1024
    /// Repositories of which a manifest is known to ask for.
    private static let witnessLimit = 4096

    private struct CheckKey: Hashable {
        let key: AccessMemory.Key
        let probe: AccessProbe
    }

    private let upstream: any AccessUpstream
    private let name: String
    /// Whether clients' credentials are what the upstream is asked for content with.
    private let lendsCredentials: Bool
    private let logger: Logger
    private let now: @Sendable () -> UInt64
    private let wallTime: @Sendable () -> WallTime
    /// Makes hashes of headers worthless outside of this process.
    private let salt: [UInt8]
    private let memory: Mutex<AccessMemory>
    private let witnesses = Mutex(
        BoundedCache<RepositoryName, Reference>(weightLimit: witnessLimit))
    private let checks = SingleFlight<CheckKey, AccessAnswer, UpstreamError>()

    /// Asks `upstream` about clients.
    ///
    /// - Parameters:
    ///   - budget: what keeps the upstream from being asked too much.
    ///   - settings: how long its answers are believed.
    ///   - logger: told when it cannot say.
    public convenience init(
        _ upstream: RegistryUpstream, within budget: BudgetedUpstream,
        settings: ClientTokenSettings = ClientTokenSettings(), logger: Logger = .disabled
    ) {
        self.init(
            BudgetedAccess(base: upstream, budget: budget), named: upstream.audience,
            lendsCredentials: !upstream.hasCredentials, settings: settings, logger: logger)
    }

    init(
        _ upstream: any AccessUpstream, named name: String, lendsCredentials: Bool,
        settings: ClientTokenSettings, logger: Logger,
        now: @escaping @Sendable () -> UInt64 = { MonotonicClock.nanoseconds },
        wallTime: @escaping @Sendable () -> WallTime = { .now }
    ) {
        self.upstream = upstream
        self.name = name
        self.lendsCredentials = lendsCredentials
        self.logger = logger
        self.now = now
        self.wallTime = wallTime
        salt = (0..<16).map { _ in .random(in: .min ... .max) }
        memory = Mutex(AccessMemory(settings))
    }

    /// What the upstream says, or said not long ago.
    public func decide(_ request: AccessRequest) async -> AccessDecision {
        if request.scope == .catalog {
            return .refused(
                AccessRefusal(.denied, "the catalog names repositories that not all may read"))
        }
        let client = ClientAuthorization(request.request.head.fields[.authorization])
        let key = AccessMemory.Key(
            client: client.map { Digest(of: salt + $0.value.revealed.utf8) },
            repository: request.scope.repository)
        if !request.mustAskAnew,
            let answer = memory.withLock({ $0.answer(for: key, at: now()) })
        {
            return decision(answer, "remembered", client, key)
        }
        let probe = AccessProbe(request.scope) { repository in
            witnesses.withLock { $0.value(for: repository) }
        }
        return await check(probe, client, key)
    }

    private func check(
        _ probe: AccessProbe, _ client: ClientAuthorization?, _ key: AccessMemory.Key
    ) async -> AccessDecision {
        do throws(UpstreamError) {
            guard checks.count < Self.checkLimit else {
                throw UpstreamError(
                    .unavailable, "too many clients are asked about at once",
                    retryAfter: .seconds(1))
            }
            let (answer, _) = try await checks.value(for: CheckKey(key: key, probe: probe)) {
                [self] () async throws(UpstreamError) in
                try await ask(probe, client, key)
            }
            return decision(answer, "asked", client, key)
        } catch {
            return fallback(error, client, key)
        }
    }

    private func ask(
        _ probe: AccessProbe, _ client: ClientAuthorization?, _ key: AccessMemory.Key
    ) async throws(UpstreamError) -> AccessAnswer {
        let answer = try await upstream.answer(to: probe, with: client?.value)
        memory.withLock {
            $0.didAnswer(
                answer, for: key, tokenEndsIn: client?.end.map { $0 - wallTime() }, at: now())
        }
        if answer == .granted, case .manifest(let reference, let repository) = probe {
            witnesses.withLock { $0.insert(reference, for: repository, weight: 1) }
        }
        return answer
    }
}

// MARK: Decisions

extension ClientTokenAccess {
    private func decision(
        _ answer: AccessAnswer, _ basis: String, _ client: ClientAuthorization?,
        _ key: AccessMemory.Key
    ) -> AccessDecision {
        switch answer {
        case .granted: .allowed(grant(basis, client, key))
        case .unauthorized(let challenges):
            .refused(AccessRefusal(.unauthorized(challenges: challenges)))
        case .denied: .refused(AccessRefusal(.denied, "upstream denies it to this client"))
        case .notFound:
            .refused(AccessRefusal(.notFound, "upstream does not show it to this client"))
        }
    }

    private func grant(
        _ basis: String, _ client: ClientAuthorization?, _ key: AccessMemory.Key
    ) -> AccessGrant {
        var grant = AccessGrant(user: client?.user, basis: basis)
        if lendsCredentials, let client, let hash = key.client {
            grant.credential = ClientCredential(
                identity: .client(hash.text), secret: client.value, audience: name)
        }
        return grant
    }

    /// What is decided when upstream cannot say.
    private func fallback(
        _ error: UpstreamError, _ client: ClientAuthorization?, _ key: AccessMemory.Key
    ) -> AccessDecision {
        let isGranted = memory.withLock { $0.isStillGranted(key, at: now()) }
        if isGranted { return .allowed(grant("stale", client, key)) }
        logger.warning(
            "upstream cannot say whether a client may read a repository; it is refused",
            LogField("repository", key.repository?.text ?? ""), LogField("error", error.reason))
        return .refused(
            AccessRefusal(
                .unavailable, "upstream cannot say whether this client may have it",
                retryAfter: error.retryAfter))
    }
}
