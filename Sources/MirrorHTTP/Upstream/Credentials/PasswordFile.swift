public import MirrorCore
internal import MirrorSystem
internal import Synchronization

/// An account whose password stands in a file, which may change at any time.
///
/// The file is looked at when the password is needed, once a second at most, and whenever the
/// upstream has refused the password. While the file cannot be read, the password that was read
/// last goes on to count.
public final class PasswordFile: CredentialSource {
    /// How long the file is believed not to have changed, in nanoseconds.
    private static let checkInterval: UInt64 = 1_000_000_000

    private struct State {
        var content: PasswordFileContent
        var checked: UInt64
        /// What was last said to be wrong with the file.
        var complaint: String?
    }

    private let path: String
    private let username: String
    private let logger: Logger
    private let now: @Sendable () -> UInt64
    private let state: Mutex<State>
    /// Held while the file is looked at, by one thread that may block after another, so that what
    /// was read later is what counts.
    private let turn = Mutex(())

    /// Reads the file at `path`; a line feed at its end is no part of the password. It blocks.
    ///
    /// - Throws: when there is no password to be read. A mirror that went on as nobody would
    ///   only be noticed by what it cannot pull.
    public convenience init(
        _ path: String, username: String, logger: Logger = .disabled
    ) throws(PasswordFileError) {
        try self.init(path, username: username, logger: logger) { MonotonicClock.nanoseconds }
    }

    init(
        _ path: String, username: String, logger: Logger, now: @escaping @Sendable () -> UInt64
    ) throws(PasswordFileError) {
        self.path = path
        self.username = username
        self.logger = logger
        self.now = now
        state = Mutex(State(content: try PasswordFileContent(at: path), checked: now()))
    }

    /// The account with the password that the file holds now.
    public func credentials(
        for host: String, refused: RegistryCredentials?
    ) async -> RegistryCredentials? {
        if isCheckDue(after: refused) {
            await BlockingPool.shared.run { self.check() }
        }
        return current
    }

    private var current: RegistryCredentials {
        RegistryCredentials(
            username: username, password: state.withLock { $0.content.password })
    }

    private func isCheckDue(after refused: RegistryCredentials?) -> Bool {
        // What was refused may have been replaced since.
        let isRefused = refused == current
        let now = now()
        return state.withLock { state in
            guard isRefused || now &- state.checked >= Self.checkInterval else { return false }
            state.checked = now
            return true
        }
    }

    private func check() {
        turn.withLock { _ in
            let known = state.withLock { $0.content.status }
            do throws(PasswordFileError) {
                let isKnown = try PasswordFileContent.status(of: path) == known
                if !isKnown { didRead(try PasswordFileContent(at: path)) }
                state.withLock { $0.complaint = nil }
            } catch {
                complain(error)
            }
        }
    }

    private func didRead(_ content: PasswordFileContent) {
        let hasChanged = state.withLock { state in
            defer { state.content = content }
            return state.content.password != content.password
        }
        guard hasChanged else { return }
        logger.info("the password file has changed, and was read", LogField("file", path))
    }

    private func complain(_ error: PasswordFileError) {
        let isNew = state.withLock { state in
            defer { state.complaint = error.reason }
            return state.complaint != error.reason
        }
        guard isNew else { return }
        logger.error(
            "the password file cannot be read: the password that was read last goes on to count; "
                + "put the file back",
            LogField("file", path), LogField("error", error.reason))
    }
}
