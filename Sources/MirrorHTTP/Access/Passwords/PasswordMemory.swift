internal import MirrorCore

/// Which passwords were found right or wrong, for a while. Time is passed in, in nanoseconds.
///
/// What is right and what is wrong have memories of their own: whoever makes up passwords pushes
/// out those that were wrong, and none that was right.
struct PasswordMemory: Sendable {
    /// A hash of user, password and what the password was compared with: whoever gets another
    /// password in the file, or none, has proved nothing.
    typealias Key = [UInt8]

    enum Verdict: Hashable, Sendable {
        case right
        /// It was right, longer ago than is believed.
        case wasRight
        case wrong
    }

    /// Passwords remembered that were right; those not used go first.
    private static let rightLimit = 16_384
    /// Passwords remembered that were wrong; those not used go first.
    private static let wrongLimit = 4_096
    /// How long a password that was right is not compared again, in nanoseconds.
    private static let rightLifetime: UInt64 = 300_000_000_000
    /// How long a password that was wrong is not compared again, in nanoseconds.
    private static let wrongLifetime: UInt64 = 10_000_000_000

    /// Until when what was found is believed.
    private var right = BoundedCache<Key, UInt64>(weightLimit: rightLimit)
    private var wrong = BoundedCache<Key, UInt64>(weightLimit: wrongLimit)

    /// What was found not long ago.
    mutating func verdict(on key: Key, at now: UInt64) -> Verdict? {
        if let end = right.value(for: key) { return now < end ? .right : .wasRight }
        if let end = wrong.value(for: key), now < end { return .wrong }
        return nil
    }

    mutating func didCompare(_ key: Key, isRight: Bool, at now: UInt64) {
        if isRight {
            right.insert(now &+ Self.rightLifetime, for: key, weight: 1)
        } else {
            right.remove(key)
            wrong.insert(now &+ Self.wrongLifetime, for: key, weight: 1)
        }
    }
}
