public import MirrorCore
internal import MirrorSystem
internal import Synchronization

/// The TLS of a server. Its files are read anew when they change: they are looked at when a
/// client connects, once a second at most. Connections that are there keep what they began with.
public final class TLSServer: Reloadable {
    /// Sessions are resumed by keys that are no older: whoever steals them opens so much.
    private static let keyLifetime = Duration.seconds(24 * 3600)

    private let settings: TLSServerSettings
    private let time: any TimeSource
    private let logger: Logger
    private let state: Mutex<State>

    private struct State {
        var context: TLSContext
        /// Readings are counted: one that ends after a later one is not used.
        var readingCount = 0
        var readingInUse = 0
        /// When its keys for sessions were made, or could not be.
        var madeAt: WallTime
        var files: FileWatch
        /// What the operator was told of the certificate's validity.
        var concern: TLSValidity.Concern?
    }

    /// Reads the files; it blocks.
    ///
    /// - Throws: ``StartError`` in one line when they cannot be used.
    public init(
        _ settings: TLSServerSettings, time: any TimeSource = SystemTimeSource(),
        logger: Logger = .disabled
    ) throws(StartError) {
        self.settings = settings
        self.time = time
        self.logger = logger
        let now = time.now
        var files = FileWatch(settings.files)
        // Looked at before they are read: what changes in between is read once more.
        _ = files.endLook(at: now, found: files.look())
        do throws(TransportError) {
            let context = try TLSContext(server: settings)
            state = Mutex(State(context: context, madeAt: now, files: files))
        } catch {
            throw StartError("TLS cannot be offered: \(error)")
        }
        tellOfValidity()
    }

    /// What a new connection is secured by.
    func context() async -> TLSContext {
        let now = time.now
        let (isDue, current) = state.withLock { ($0.files.beginLook(at: now), $0.context) }
        guard isDue else { return current }
        await BlockingPool.shared.run { self.look(at: now) }
        return state.withLock { $0.context }
    }

    private func look(at now: WallTime) {
        let found = state.withLock { $0.files }.look()
        let (hasChanged, isOld) = state.withLock { state in
            (
                state.files.endLook(at: now, found: found),
                now - state.madeAt >= Self.keyLifetime
            )
        }
        defer { tellOfValidity() }
        guard hasChanged || isOld else { return }
        do throws(ReloadError) {
            try read(at: now)
            if hasChanged { logger.info("the certificate has changed and was read anew", place) }
        } catch {
            logger.error(
                "the certificate cannot be read anew; the one before stays in use",
                place, LogField("error", error.description))
        }
    }

    // MARK: Reloading

    /// `certificate`.
    public var reloadName: String { "certificate" }

    /// Reads the files, changed or not.
    public func reload() async throws(ReloadError) {
        try await BlockingPool.shared.run { () throws(ReloadError) in
            let now = self.time.now
            let found = self.state.withLock { $0.files }.look()
            self.state.withLock { _ = $0.files.endLook(at: now, found: found) }
            try self.read(at: now)
            self.tellOfValidity()
        }
    }

    private func read(at now: WallTime) throws(ReloadError) {
        let reading = state.withLock { state in
            state.madeAt = now
            state.readingCount += 1
            return state.readingCount
        }
        do throws(TransportError) {
            let context = try TLSContext(server: settings)
            state.withLock { state in
                guard reading > state.readingInUse else { return }
                state.readingInUse = reading
                state.context = context
                state.concern = nil
            }
        } catch {
            throw ReloadError(error.description)
        }
    }

    /// Once, until something changes or is read anew.
    private func tellOfValidity() {
        let now = time.now
        let (validity, concern, isNew) = state.withLock { state in
            let validity = state.context.validity
            let concern = validity?.concern(at: now)
            defer { state.concern = concern }
            return (validity, concern, concern != state.concern)
        }
        guard isNew, let validity, let concern else { return }
        logger.warning(validity.text(of: concern), place)
    }

    private var place: LogField { LogField("file", settings.identity.certificateFile) }
}
