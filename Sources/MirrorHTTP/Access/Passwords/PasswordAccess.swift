public import MirrorCore
internal import MirrorSystem
internal import Synchronization

/// Lets in whoever shows the name and password of a user (RFC 7617): the reference registry's
/// `htpasswd`. Each user may read everything.
///
/// Passwords are compared by few threads at a time, and once for all who show the same at the same
/// time. What was found is remembered for a while, so that comparing does not slow clients down.
public final class PasswordAccess: AccessController {
    /// Passwords compared at a time: fewer than there are threads that may block, so that some are
    /// left for the disk.
    private static let concurrencyLimit = 3
    /// Passwords that wait to be compared; further clients are told to come back.
    private static let checkLimit = 256

    private let realm: String
    private let users: WatchedFiles<UserTable>
    private let now: @Sendable () -> UInt64
    private let matches: @Sendable ([UInt8], String) async -> Bool
    private let hash = KeyedHash()
    private let memory = Mutex(PasswordMemory())
    private let checks = SingleFlight<PasswordMemory.Key, Bool?, Never>()
    private let slots: Slots<PasswordClass>

    /// Asks for the passwords of a file's users. It blocks.
    ///
    /// - Parameters:
    ///   - realm: what clients may show to whom they ask for a password.
    ///   - path: the file, as `htpasswd -B` makes it. It is read anew when it changes. As long as
    ///     there has never been one, nobody gets in.
    /// - Throws: when there is a file that cannot be read.
    public convenience init(
        realm: String, userFile path: String, logger: Logger = .disabled
    ) throws(StartError) {
        try self.init(realm: realm, userFile: path, logger: logger) { password, hash in
            await BlockingPool.shared.run { Bcrypt.matches(password, hash) }
        }
    }

    init(
        realm: String, userFile path: String, logger: Logger = .disabled,
        time: any TimeSource = SystemTimeSource(),
        now: @escaping @Sendable () -> UInt64 = { MonotonicClock.nanoseconds },
        matches: @escaping @Sendable ([UInt8], String) async -> Bool
    ) throws(StartError) {
        do throws(ReloadError) {
            users = try WatchedFiles("file of users", [path], time: time, logger: logger) {
                () throws(ReloadError) in
                try UserTable(at: path, logger: logger)
            } orAtFirst: {
                UserTable.none(at: path, logger: logger)
            }
        } catch {
            throw StartError("clients cannot be let in by their passwords: \(error)")
        }
        self.realm = realm
        self.now = now
        self.matches = matches
        slots = Slots(concurrency: Self.concurrencyLimit, time: time)
    }

    /// Whether the password is right, for whatever it is.
    public func decide(_ request: AccessRequest) async -> AccessDecision {
        let authorization = ClientAuthorization(request.request.head.fields[.authorization])
        guard let (user, password) = authorization?.login else { return refusal() }
        let table = await users.content()
        guard let entry = table.entry(of: user) else { return refusal() }
        let key = hash(user, password.revealed, entry.hash.text)
        switch await isRight(Array(password.revealed.utf8), entry, key) {
        case true?: return .allowed(AccessGrant(user: user))
        case false?: return refusal("the name or the password is wrong")
        case nil:
            return .refused(
                AccessRefusal(
                    .unavailable, "too many passwords are compared at once",
                    retryAfter: .seconds(1)))
        }
    }

    /// Nil where it cannot be found out now.
    private func isRight(
        _ password: [UInt8], _ entry: UserTable.Entry, _ key: PasswordMemory.Key
    ) async -> Bool? {
        let verdict = memory.withLock { $0.verdict(on: key, at: now()) }
        if verdict == .right { return true }
        if verdict == .wrong { return false }
        let kind: PasswordClass = verdict == .wasRight ? .known : .unknown
        guard kind == .known || checks.count < Self.checkLimit else { return nil }
        let (isRight, _) = await checks.value(for: key) { [self] in
            await compare(password, entry, key, as: kind)
        }
        return isRight
    }

    private func compare(
        _ password: [UInt8], _ entry: UserTable.Entry, _ key: PasswordMemory.Key,
        as kind: PasswordClass
    ) async -> Bool? {
        guard let slot = await slots.take(kind) else { return nil }
        defer { slot.giveBack() }
        let isMatch = await matches(password, entry.hash.text)
        let isRight = isMatch && entry.isReal
        memory.withLock { $0.didCompare(key, isRight: isRight, at: now()) }
        return isRight
    }

    private func refusal(_ reason: String = "") -> AccessDecision {
        .refused(
            AccessRefusal(.unauthorized(challenges: ["Basic realm=\(quoted(realm))"]), reason))
    }
}

extension PasswordAccess: Reloadable {
    /// `file of users`.
    public var reloadName: String { users.reloadName }

    /// Reads the file, changed or not.
    public func reload() async throws(ReloadError) { try await users.reload() }
}
