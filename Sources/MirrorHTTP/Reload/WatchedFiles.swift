internal import MirrorCore
internal import MirrorSystem
internal import Synchronization

/// What some files hold, read anew when they change: they are looked at when it is wanted, once a
/// second at most. While they cannot be read, what was read last goes on to count.
final class WatchedFiles<Content: Sendable>: Reloadable {
    private struct State {
        var content: Content
        var files: FileWatch
        /// What was last said to be wrong with the files.
        var complaint: ReloadError?
    }

    let reloadName: String
    private let place: LogField
    private let time: any TimeSource
    private let logger: Logger
    private let read: @Sendable () throws(ReloadError) -> Content
    private let state: Mutex<State>
    /// Held while the files are read, by one thread that may block after another, so that what was
    /// read later is what counts.
    private let turn = Mutex(())

    /// Reads the files. It blocks.
    ///
    /// - Parameters:
    ///   - name: what they are, for the log.
    ///   - read: reads them; it may block.
    ///   - orAtFirst: what counts at the start without reading them, where anything does; it may
    ///     block.
    init(
        _ name: String, _ paths: [String], time: any TimeSource = SystemTimeSource(),
        logger: Logger, read: @escaping @Sendable () throws(ReloadError) -> Content,
        orAtFirst: () -> Content? = { nil }
    ) throws(ReloadError) {
        reloadName = name
        place = LogField("file", paths.joined(separator: " "))
        self.time = time
        self.logger = logger
        self.read = read
        var files = FileWatch(paths)
        // Looked at before they are read: what changes in between is read once more.
        _ = files.endLook(at: time.now, found: files.look())
        let content = if let content = orAtFirst() { content } else { try read() }
        state = Mutex(State(content: content, files: files))
    }

    /// What the files hold now.
    func content() async -> Content {
        let now = time.now
        let (isDue, content) = state.withLock { ($0.files.beginLook(at: now), $0.content) }
        guard isDue else { return content }
        await BlockingPool.shared.run { self.look(at: now) }
        return state.withLock { $0.content }
    }

    private func look(at now: WallTime) {
        let found = state.withLock { $0.files }.look()
        guard state.withLock({ $0.files.endLook(at: now, found: found) }) else { return }
        do throws(ReloadError) {
            try take()
            logger.info("\(reloadName) changed, and read anew", place)
        } catch {
            complain(error)
        }
    }

    /// Reads the files, changed or not.
    func reload() async throws(ReloadError) {
        try await BlockingPool.shared.run { () throws(ReloadError) in
            let found = self.state.withLock { $0.files }.look()
            self.state.withLock { _ = $0.files.endLook(at: self.time.now, found: found) }
            try self.take()
        }
    }

    private func take() throws(ReloadError) {
        let outcome = turn.withLock { _ -> Result<Void, ReloadError> in
            do throws(ReloadError) {
                let content = try read()
                state.withLock { state in
                    state.content = content
                    state.complaint = nil
                }
                return .success(())
            } catch {
                return .failure(error)
            }
        }
        try outcome.get()
    }

    private func complain(_ error: ReloadError) {
        let isNew = state.withLock { state in
            defer { state.complaint = error }
            return state.complaint != error
        }
        guard isNew else { return }
        logger.error(
            "\(reloadName) cannot be read anew; what was in use stays in use", place,
            LogField("error", error.description))
    }
}
