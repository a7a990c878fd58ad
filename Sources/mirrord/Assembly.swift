import MirrorCore
import MirrorHTTP
import MirrorSystem

/// The one place where parts are chosen by the configuration and joined.
struct Assembly {
    private let output: LogOutput
    private let logger: Logger
    private let mirror: RegistryMirror
    private let server: HTTPServer
    private let debugServer: HTTPServer?
    private let health: HealthMonitor
    private let readiness = Readiness()
    private let reloads: Reloads
    private let drainTimeout: Duration
    let group: EventLoopGroup

    /// Starts everything. When this returns, clients are served.
    ///
    /// - Parameters:
    ///   - sockets: where to listen instead of at the configuration's address, where there are
    ///     any.
    ///   - load: reads the configuration anew.
    init(
        _ loaded: LoadedConfiguration, inheriting sockets: [ServiceEnvironment.Socket] = [],
        _ load: @escaping @Sendable () throws -> LoadedConfiguration
    ) async throws {
        var configuration = loaded.configuration
        if !sockets.isEmpty {
            configuration.http.address = .inherited(descriptors: sockets.map(\.descriptor))
        }
        output = LogOutput(configuration.log.formatter)
        logger = Logger(
            sink: output, level: configuration.log.level, fields: configuration.log.fields)
        for warning in loaded.warnings { logger.warning(warning.description) }
        drainTimeout = configuration.http.drainTimeout
        group = try EventLoopGroup()
        let upstream = try await Self.upstream(configuration, group, logger)
        let storage = MeteredDriver(
            try Self.storage(configuration.storage, logger),
            name: configuration.storage.driver.name)
        mirror = RegistryMirror(
            storage: storage, upstream: upstream.fetcher,
            freshness: await Self.freshness(configuration),
            eviction: await Self.eviction(configuration),
            mayDelete: configuration.mayDelete, options: configuration.cacheOptions,
            logger: logger)
        let tls = try Self.tls(configuration.http.tls, logger)
        let file = ReloadableConfiguration(
            running: loaded.configuration, logger: logger, load: load)
        let access = try Self.access(configuration.auth, logger)
        let parts: [(any Reloadable)?] = [file, tls, access as? any Reloadable]
        reloads = Reloads(parts.compactMap(\.self), logger: logger)
        health = try Self.health(configuration, storage, group, logger)
        let metrics = ServerMetrics()
        server = try await HTTPServer(
            at: configuration.http.address, tls: tls, on: group,
            responder: Self.responder(configuration, mirror, access ?? upstream.access, health),
            observer: Self.requestLog(configuration.log, output, logger),
            metrics: configuration.http.debug?.metricsPath == nil ? nil : metrics,
            logger: logger)
        debugServer = try await Self.debugServer(
            configuration.http.debug, [mirror, metrics, storage] + upstream.metrics, health,
            readiness, group, logger)
        mirror.start()
        readiness.isUp = true
        announce(configuration)
    }

    /// The port that clients reach it at; 0 where it is no port but a path.
    var port: UInt16 { server.port }

    /// Where clients reach it.
    var address: String { server.address }

    /// Looks at what has to be well, until the task is cancelled.
    func watch() async {
        await health.run()
    }

    /// Takes in anew what can be while it runs.
    func reload() async {
        await reloads.run()
    }

    /// Lets requests under way finish, then ends everything in order.
    func stop() async {
        logger.info("stopping; requests under way may finish", LogField("limit", drainTimeout))
        readiness.isUp = false
        await server.stop(drainingFor: drainTimeout)
        await mirror.stop()
        await debugServer?.stop(drainingFor: .seconds(1))
        group.stop()
        logger.info("stopped")
        output.flush()
    }

    // MARK: Parts

    static func storage(
        _ storage: Configuration.Storage, _ logger: Logger
    ) throws -> any StorageDriver {
        switch storage.driver {
        case .inMemory: return MemoryDriver()
        case .fileSystem(let settings):
            BlockingPool.shared.limitThreads(to: settings.maxThreads)
            do throws(StorageError) {
                let driver = try FileSystemDriver(root: settings.rootDirectory)
                if let error = driver.writeError {
                    logger.warning(
                        "the storage directory cannot be written to: what it holds is served, and "
                            + "all else is passed on without being kept",
                        LogField("directory", settings.rootDirectory),
                        LogField("error", error.reason))
                }
                return driver
            } catch {
                throw StartError(
                    "the storage directory \(settings.rootDirectory) cannot be used: "
                        + error.reason)
            }
        }
    }

    private static func tls(
        _ settings: TLSServerSettings?, _ logger: Logger
    ) throws -> TLSServer? {
        guard let settings else { return nil }
        return try TLSServer(settings, logger: logger)
    }

    /// Nil where the configuration lets everybody in.
    private static func access(
        _ auth: Configuration.Auth?, _ logger: Logger
    ) throws -> (any AccessController)? {
        switch auth {
        case nil: nil
        case .silly(let realm, let service): SillyAccess(realm: realm, service: service)
        case .passwords(let realm, let path):
            try PasswordAccess(realm: realm, userFile: path, logger: logger)
        case .tokens(let settings): try TokenAccess(settings, logger: logger)
        }
    }

    /// The registry's API, before which health stands where something is looked at for it.
    private static func responder(
        _ configuration: Configuration, _ mirror: RegistryMirror,
        _ access: (any AccessController)?, _ health: HealthMonitor
    ) -> any Responder {
        var options = RegistryResponder.Options()
        options.prefix = configuration.http.prefix
        options.upstreams = configuration.directory
        options.catalogPageLimit = configuration.lists.maxRepositories
        options.tagPageLimit = configuration.lists.maxTags
        options.access = access
        for header in configuration.http.headers {
            guard let name = HTTPFieldName(header.name) else { continue }
            options.extraFields += header.values.map { (name, $0) }
        }
        let responder = RegistryResponder(mirror, options: options)
        return health.mayTurnClientsAway ? HealthGate(responder, health: health) : responder
    }

    private static func requestLog(
        _ log: Configuration.Log, _ output: LogOutput, _ logger: Logger
    ) -> RequestLog {
        var accessLog: (@Sendable ([UInt8]) -> Void)?
        if log.isAccessLogEnabled { accessLog = { output.writeRequest($0) } }
        return RequestLog(logger, accessLog: accessLog)
    }

    private func announce(_ configuration: Configuration) {
        let upstreams = [configuration.proxy] + configuration.upstreams
        if !configuration.mayDelete,
            upstreams.contains(where: { $0.timeToLive != nil })
        {
            logger.warning(
                "expired content is never removed, and the disk will fill up: set "
                    + "storage.delete.enabled to true to have it removed")
        }
        if configuration.lendsItsAccounts {
            logger.warning(
                "whoever reaches the mirror may pull what its account at the upstream may: set "
                    + "auth or proxy.clienttokens, unless all who reach it may")
        }
        logger.info(
            "mirroring \(configuration.proxy.summary)", LogField("address", server.address),
            LogField("tls", configuration.http.tls != nil),
            LogField("storage", configuration.storage.summary),
            LogField("version", ProductVersion.text))
        if let debugServer {
            logger.info("health and numbers are told", LogField("address", debugServer.address))
        }
        for upstream in configuration.upstreams {
            logger.info(
                "mirroring \(upstream.summary)",
                LogField("name", upstream.nameAmongOthers?.text ?? ""))
        }
    }
}

extension Configuration.Storage {
    /// Driver and place, for the log.
    fileprivate var summary: String {
        switch driver {
        case .inMemory: "inmemory"
        case .fileSystem(let settings): "filesystem \(settings.rootDirectory)"
        }
    }
}
