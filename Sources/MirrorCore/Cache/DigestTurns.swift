internal import Synchronization

/// Lets one at a time keep or remove the bytes of a digest, so that nothing is removed that
/// somebody has just found there and relies on.
final class DigestTurns: Sendable {
    /// Those who wait for each digest that somebody has his turn with.
    private let waiters = Mutex<[Digest: [CheckedContinuation<Void, Never>]]>([:])

    /// Runs `work` when nobody else is at work on `digest`.
    func run<Result, Failure: Error>(
        _ digest: Digest, _ work: () async throws(Failure) -> Result
    ) async throws(Failure) -> Result {
        await begin(digest)
        defer { end(digest) }
        return try await work()
    }

    /// Runs `work` unless somebody is at work on `digest`; for those who must not wait for him.
    ///
    /// - Returns: nil when somebody is.
    func runIfFree<Result, Failure: Error>(
        _ digest: Digest, _ work: () async throws(Failure) -> Result
    ) async throws(Failure) -> Result? {
        let isFree = waiters.withLock { waiters in
            guard waiters[digest] == nil else { return false }
            waiters[digest] = []
            return true
        }
        guard isFree else { return nil }
        defer { end(digest) }
        return try await work()
    }

    private func begin(_ digest: Digest) async {
        await withCheckedContinuation { continuation in
            let isFree = waiters.withLock { waiters in
                guard waiters[digest] != nil else {
                    waiters[digest] = []
                    return true
                }
                waiters[digest]?.append(continuation)
                return false
            }
            if isFree { continuation.resume() }
        }
    }

    private func end(_ digest: Digest) {
        let next = waiters.withLock { waiters -> CheckedContinuation<Void, Never>? in
            guard var queue = waiters[digest], !queue.isEmpty else {
                waiters[digest] = nil
                return nil
            }
            let next = queue.removeFirst()
            waiters[digest] = queue
            return next
        }
        next?.resume()
    }
}
