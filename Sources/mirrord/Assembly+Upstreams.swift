import MirrorCore
import MirrorHTTP
import MirrorSystem

/// What there is one of for each registry.
extension Assembly {
    /// What asks a registry, or several, and what decides by their word about clients.
    struct Upstream {
        let fetcher: any UpstreamFetcher
        /// Nil where everybody may have everything.
        let access: (any AccessController)?
        let metrics: [any MetricSource]
    }

    static func upstream(
        _ configuration: Configuration, _ group: EventLoopGroup, _ logger: Logger
    ) async throws -> Upstream {
        let environment = ProxySettings(environment: ProcessEnvironment.all)
        for problem in environment.problems { logger.warning("\(problem); it is not used") }
        let (main, others) = try await configuration.parts { upstream in
            let client = try await client(upstream, group, environment)
            return try registry(upstream, client, logger)
        }
        return others.isEmpty ? main : joined(main, others)
    }

    private static func joined(
        _ main: Upstream, _ others: [UpstreamName: Upstream]
    ) -> Upstream {
        let isRestricted = main.access != nil || others.values.contains { $0.access != nil }
        return Upstream(
            fetcher: UpstreamRouter(main: main.fetcher, others: others.mapValues(\.fetcher)),
            access: isRestricted
                ? RoutedAccess(
                    main: main.access ?? OpenAccess(),
                    others: others.mapValues { $0.access ?? OpenAccess() })
                : nil,
            metrics: main.metrics + others.values.flatMap(\.metrics))
    }

    private static func registry(
        _ upstream: Configuration.Upstream, _ client: HTTPClient, _ logger: Logger
    ) throws -> Upstream {
        guard let remoteURL = upstream.remoteURL else {
            return Upstream(fetcher: NoUpstream(), access: nil, metrics: [])
        }
        guard let url = HTTPURL(remoteURL.description) else {
            throw StartError("remoteurl cannot be used: \(remoteURL)")
        }
        let logger = logger.with(LogField("upstream", url.origin.host))
        let budget = UpstreamBudget(scarceBelow: upstream.limits.scarceBelow, logger: logger)
        let counters = UpstreamCounters(upstream.label)
        let fetcher = RegistryUpstream(
            url, credentials: try credentials(upstream, logger), client: client,
            rateLimits: budget, counters: counters, logger: logger)
        let budgeted = BudgetedUpstream(
            fetcher, budget: budget, limits: upstream.limits, counters: counters, logger: logger)
        let access = upstream.clientTokens.map {
            ClientTokenAccess(fetcher, within: budgeted, settings: $0, logger: logger)
        }
        return Upstream(fetcher: budgeted, access: access, metrics: [budgeted])
    }

    private static func credentials(
        _ upstream: Configuration.Upstream, _ logger: Logger
    ) throws -> (any CredentialSource)? {
        switch upstream.credentials {
        case nil: return nil
        case .password(let username, let password):
            return RegistryCredentials(username: username, password: password)
        case .helper(let command, let lifetime):
            return CredentialHelper(command, lifetime: lifetime, logger: logger)
        case .passwordFile(let username, let path):
            do throws(PasswordFileError) {
                return try PasswordFile(path, username: username, logger: logger)
            } catch {
                throw StartError(
                    "\(upstream.summary) cannot be mirrored: the password file \(error)")
            }
        }
    }

    private static func client(
        _ upstream: Configuration.Upstream, _ group: EventLoopGroup,
        _ environment: ProxySettings
    ) async throws -> HTTPClient {
        let tls = upstream.tls
        let proxies: ProxySettings =
            switch upstream.httpProxy {
            case .environment: environment
            case .direct: .none
            case .everywhere(let url): ProxySettings(everywhere: url) ?? .none
            }
        let client = HTTPClient(
            group: group, proxies: proxies,
            trust: TLSTrust(rootFiles: tls.rootFiles, isBlind: tls.skipsVerification),
            identity: tls.identity, trustedHosts: upstream.redirectHosts,
            timeouts: upstream.timeouts)
        guard tls != Configuration.Upstream.TLS() else { return client }
        do throws(ClientError) { try await client.prepareTLS() } catch {
            throw StartError("\(upstream.summary) cannot be mirrored: \(error.reason)")
        }
        return client
    }

    static func freshness(_ configuration: Configuration) async -> any FreshnessChecker {
        let (main, others) = await configuration.parts { upstream -> any FreshnessChecker in
            upstream.remoteURL == nil ? NeverAsking() : upstream.tags
        }
        return others.isEmpty ? main : RoutedFreshness(main: main, others: others)
    }

    static func eviction(_ configuration: Configuration) async -> any EvictionScheduler {
        let (_, others) = await configuration.parts { $0.evictionPolicy(isMain: false) }
        return ImageScheduler(
            configuration.proxy.evictionPolicy(isMain: true), others: others,
            limits: configuration.storeLimits)
    }
}
