public import MirrorCore
internal import MirrorSystem
internal import Synchronization

/// A file of users and hashes of their passwords, as `htpasswd -B` makes it, which may change at
/// any time.
///
/// It is looked at when somebody asks, once a second at most. While it cannot be read, or is
/// damaged, the table that was read last goes on to count.
public final class UserFile: Sendable {
    /// How long the file is believed not to have changed, in nanoseconds.
    private static let checkInterval: UInt64 = 1_000_000_000
    /// Longer files are not read, in bytes.
    private static let byteLimit = 4 << 20
    /// How old a change has to be before the next is sure to leave another time behind, in seconds.
    private static let settledAge: Int64 = 2

    private struct State {
        var table: UserTable
        /// What tells the content that was read from later ones; nil where it might not.
        var status: FileStatus?
        var checked: UInt64
        /// What was last said to be wrong with the file.
        var complaint: String?
    }

    private let path: String
    private let logger: Logger
    private let now: @Sendable () -> UInt64
    private let state: Mutex<State>
    /// Held while the file is looked at, by one thread that may block after another, so that what
    /// was read later is what counts.
    private let turn = Mutex(())

    /// Reads the file at `path`. It blocks.
    ///
    /// - Throws: when there is no table to be read. Nobody could get in.
    public convenience init(
        _ path: String, logger: Logger = .disabled
    ) throws(PasswordFileError) {
        try self.init(path, logger: logger) { MonotonicClock.nanoseconds }
    }

    init(
        _ path: String, logger: Logger, now: @escaping @Sendable () -> UInt64
    ) throws(PasswordFileError) {
        self.path = path
        self.logger = logger
        self.now = now
        let (table, status) = try Self.read(path)
        state = Mutex(State(table: table, status: status, checked: now()))
        warn(of: table)
    }

    /// What the file says now.
    func table() async -> UserTable {
        if isCheckDue() {
            await BlockingPool.shared.run { self.check() }
        }
        return state.withLock { $0.table }
    }

    private func isCheckDue() -> Bool {
        let now = now()
        return state.withLock { state in
            guard now &- state.checked >= Self.checkInterval else { return false }
            state.checked = now
            return true
        }
    }

    private func check() {
        turn.withLock { _ in
            let known = state.withLock { $0.status }
            do throws(PasswordFileError) {
                let isKnown = try PasswordFileContent.status(of: path) == known
                if !isKnown { didRead(try Self.read(path)) }
                state.withLock { $0.complaint = nil }
            } catch {
                complain(error)
            }
        }
    }

    private static func read(
        _ path: String
    ) throws(PasswordFileError) -> (UserTable, FileStatus?) {
        // Asked for before the bytes are: a change between the two is seen by the next look.
        let status = try PasswordFileContent.status(of: path)
        let isSettled = status.modified + settledAge <= secondsSince1970()
        let bytes: [UInt8]
        do throws(WholeFile.Failure) {
            bytes = try WholeFile.read(path, limit: byteLimit)
        } catch {
            throw PasswordFileError(path, error.reason)
        }
        do throws(UserTable.Fault) {
            return (try UserTable(bytes), isSettled ? status : nil)
        } catch {
            throw PasswordFileError(path, error.reason)
        }
    }

    private func didRead(_ content: (table: UserTable, status: FileStatus?)) {
        let hasChanged = state.withLock { state in
            defer {
                state.table = content.table
                state.status = content.status
            }
            return state.table != content.table
        }
        guard hasChanged else { return }
        logger.info(
            "the file of users has changed, and was read", LogField("file", path),
            LogField("users", content.table.count))
        warn(of: content.table)
    }

    private func warn(of table: UserTable) {
        if !table.uselessLines.isEmpty {
            logger.warning(
                "some passwords are hashed otherwise than with bcrypt, or at too high a cost, and "
                    + "nobody gets in by them: hash them with htpasswd -B",
                LogField("file", path),
                LogField("lines", table.uselessLines.map { "\($0)" }.joined(separator: " ")))
        }
        if table.count == 0 {
            logger.warning(
                "the file of users names nobody who can get in: add users with htpasswd -B",
                LogField("file", path))
        }
    }

    private func complain(_ error: PasswordFileError) {
        let isNew = state.withLock { state in
            defer { state.complaint = error.reason }
            return state.complaint != error.reason
        }
        guard isNew else { return }
        logger.error(
            "the file of users cannot be read: what was read last goes on to count; "
                + "put the file back",
            LogField("file", path), LogField("error", error.reason))
    }
}
