internal import Synchronization

/// Room in memory for blobs that the storage takes no more of, so that clients who want one at
/// the same time, or soon after, share one download. All of them together have no more than that.
final class SpillMemory: Sendable {
    /// Blobs that are kept after their fill has ended, at most.
    private static let countLimit = 1024
    /// How long a blob is kept after its fill has ended; then the storage is tried again.
    static let lifetime = Duration.seconds(300)

    /// A blob whose fill has ended.
    fileprivate struct Kept {
        let content: StoredContent
        var repositories: Set<RepositoryName>
        let until: WallTime
    }

    private let free: Atomic<Int64>
    private let kept = Mutex(BoundedCache<Digest, Kept>(weightLimit: countLimit))

    /// Room for `byteLimit` bytes.
    init(byteLimit: Int64) {
        free = Atomic(byteLimit)
    }

    // MARK: Room

    /// Bytes that nobody has taken.
    var freeByteCount: Int64 { free.load(ordering: .relaxed) }

    /// Takes room for so many bytes, if need be from blobs that are kept.
    func take(_ byteCount: Int64) -> Bool {
        while !takeFree(byteCount) {
            // Its room is given back with the last who reads it, which may be nobody.
            guard let victim = kept.withLock({ $0.removeOne() }) else { return false }
            withExtendedLifetime(victim) {}
        }
        return true
    }

    private func takeFree(_ byteCount: Int64) -> Bool {
        let rest = free.subtract(byteCount, ordering: .relaxed).newValue
        if rest >= 0 { return true }
        giveBack(byteCount)
        return false
    }

    func giveBack(_ byteCount: Int64) {
        free.add(byteCount, ordering: .relaxed)
    }

    // MARK: What is kept

    /// Whether nothing is kept.
    var isEmpty: Bool { kept.withLock { $0.count == 0 } }

    /// Keeps a blob for repositories whose upstream has it.
    func keep(
        _ object: any StoredObject, as digest: Digest, for repositories: Set<RepositoryName>,
        at now: WallTime
    ) {
        kept.withLock { kept in
            let others = kept.live(digest, at: now)?.repositories ?? []
            let new = Kept(
                content: StoredContent(object), repositories: repositories.union(others),
                until: now + Self.lifetime)
            kept.insert(new, for: digest, weight: 1)
        }
    }

    /// Whether a blob is kept for some repository.
    func contains(_ digest: Digest, at now: WallTime) -> Bool {
        kept.withLock { $0.live(digest, at: now) != nil }
    }

    /// A blob, if it is kept for this repository.
    func content(
        of digest: Digest, in repository: RepositoryName, at now: WallTime
    ) -> StoredContent? {
        kept.withLock { kept in
            guard let found = kept.live(digest, at: now) else { return nil }
            return found.repositories.contains(repository) ? found.content : nil
        }
    }

    /// The bytes of a blob, if it is kept for this repository.
    func object(
        of digest: Digest, in repository: RepositoryName, at now: WallTime
    ) -> (any StoredObject)? {
        content(of: digest, in: repository, at: now)?.object
    }

    /// A blob that is kept, for a repository whose upstream has confirmed that it has it too.
    func content(
        of digest: Digest, confirmedFor repository: RepositoryName, at now: WallTime
    ) -> StoredContent? {
        kept.withLock { kept in
            guard var found = kept.live(digest, at: now) else { return nil }
            found.repositories.insert(repository)
            kept.insert(found, for: digest, weight: 1)
            return found.content
        }
    }

    /// Lets go of what has been kept for long enough.
    func sweep(at now: WallTime) {
        kept.withLock { $0.removeAll { $1.until <= now } }
    }
}

extension BoundedCache where Key == Digest, Value == SpillMemory.Kept {
    /// What is kept and has not been kept for too long.
    fileprivate mutating func live(_ digest: Digest, at now: WallTime) -> Value? {
        guard let found = value(for: digest) else { return nil }
        if found.until > now { return found }
        remove(digest)
        return nil
    }
}
