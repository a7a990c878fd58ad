public import MirrorCore
internal import MirrorSystem
internal import Synchronization

/// A program that is run for the credentials of an account, by the protocol of Docker's credential
/// helpers: `<command> get` reads a host and writes `{"Username": …, "Secret": …}`.
///
/// It runs on threads that may block, once for all who wait. When it fails, the upstream is asked
/// as nobody, unless it gave credentials before that the upstream has not refused; it is run again
/// after a pause.
public final class CredentialHelper: CredentialSource {
    /// Hosts whose credentials are kept; past it all are forgotten.
    private static let hostLimit = 16

    private let command: String
    private let lifetime: UInt64?
    private let logger: Logger
    private let now: @Sendable () -> UInt64
    private let ask: @Sendable (_ host: String, _ hidden: [Secret]) -> HelperAnswer
    private let records = Mutex<[String: HelperRecord]>([:])
    private let runs = SingleFlight<String, RegistryCredentials?, Never>()

    /// A helper that is run when credentials are needed, not before.
    ///
    /// - Parameters:
    ///   - command: a path, or a name to be looked for in `PATH`; no arguments, and no shell.
    ///   - lifetime: how long what it gives is kept: nil for as long as the upstream takes it,
    ///     0 not at all.
    ///   - logger: told when it fails.
    public convenience init(_ command: String, lifetime: Duration?, logger: Logger = .disabled) {
        let program = Program(command, arguments: ["get"])
        self.init(
            command, lifetime: lifetime, logger: logger, now: { MonotonicClock.nanoseconds },
            ask: { HelperAnswer(of: program, on: $0, hiding: $1) })
    }

    /// - Parameters:
    ///   - now: the monotonic clock, in nanoseconds.
    ///   - ask: asks about a host, on a thread that may block; what it says of a failure repeats
    ///     none of the secrets.
    init(
        _ command: String, lifetime: Duration?, logger: Logger,
        now: @escaping @Sendable () -> UInt64,
        ask: @escaping @Sendable (_ host: String, _ hidden: [Secret]) -> HelperAnswer
    ) {
        self.command = command
        self.lifetime = lifetime.map { UInt64(max(0, $0.nanoseconds)) }
        self.logger = logger
        self.now = now
        self.ask = ask
    }

    /// The credentials that are held for a host, or those that the helper gives now.
    public func credentials(
        for host: String, refused: RegistryCredentials?
    ) async -> RegistryCredentials? {
        if case .use(let credentials) = step(for: host, refused) { return credentials }
        return await runs.value(for: host) { [self] () async throws(Never) in
            // Another run may have ended since it was found that one is needed.
            if case .use(let credentials) = step(for: host, refused) { return credentials }
            return run(for: host, refused)
        }.value
    }

    private func step(for host: String, _ refused: RegistryCredentials?) -> HelperRecord.Step {
        records.withLock { records in
            records[host, default: HelperRecord(lifetime: lifetime)].step(
                refused: refused, at: now())
        }
    }

    /// Runs it, which blocks.
    private func run(for host: String, _ refused: RegistryCredentials?) -> RegistryCredentials? {
        let current = records.withLock { $0[host]?.current }
        let answer = ask(host, [current, refused].compactMap { $0?.secret })
        log(answer, for: host)
        return records.withLock { records in
            if records.count >= Self.hostLimit, records[host] == nil { records = [:] }
            return records[host, default: HelperRecord(lifetime: lifetime)].didRun(
                answer, because: refused, at: now())
        }
    }

    private func log(_ answer: HelperAnswer, for host: String) {
        let reason: String
        switch answer {
        case .credentials(let credentials):
            return logger.debug(
                "the credential helper gave credentials", LogField("command", command),
                LogField("host", host), LogField("account", credentials.username))
        case .none: reason = "it has no credentials for this host"
        case .failed(let failure): reason = failure
        }
        logger.error(
            "the credential helper gave no credentials: without any, the upstream is asked "
                + "anonymously; run it by hand, as get, with the host on its standard input",
            LogField("command", command), LogField("host", host), LogField("error", reason))
    }
}
