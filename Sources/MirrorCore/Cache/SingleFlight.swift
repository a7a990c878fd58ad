internal import MirrorSystem
internal import Synchronization

/// Does one piece of work for all who ask for it at the same time.
///
/// The work is a task of its own: whoever asked first may leave, and it goes on for the others.
final class SingleFlight<Key: Hashable & Sendable, Value: Sendable, Failure: Error>: Sendable {
    private typealias Outcome = Result<Value, Failure>
    private let flights = Mutex<[Key: [CheckedContinuation<Outcome, Never>]]>([:])

    /// The result of `work`, and whether somebody else had it under way already.
    func value(
        for key: Key, _ work: @escaping @Sendable () async throws(Failure) -> Value
    ) async throws(Failure) -> (value: Value, isShared: Bool) {
        // Written before the continuation is resumed and read after it: never at once.
        nonisolated(unsafe) var isShared = false
        let outcome = await withCheckedContinuation { continuation in
            let isFirst = flights.withLock { flights in
                let isFirst = flights[key] == nil
                flights[key, default: []].append(continuation)
                return isFirst
            }
            if isFirst { start(key, work) } else { unsafe isShared = true }
        }
        return (try outcome.get(), unsafe isShared)
    }

    /// Starts `work` unless it is under way, and does not wait for it.
    func begin(
        _ key: Key, _ work: @escaping @Sendable () async throws(Failure) -> Value
    ) {
        let isFirst = flights.withLock { flights in
            if flights[key] != nil { return false }
            flights[key] = []
            return true
        }
        if isFirst { start(key, work) }
    }

    private func start(
        _ key: Key, _ work: @escaping @Sendable () async throws(Failure) -> Value
    ) {
        Task(executorPreference: BlockingPool.shared) { [self] in
            let outcome: Outcome
            do throws(Failure) {
                outcome = .success(try await work())
            } catch {
                outcome = .failure(error)
            }
            let waiters = flights.withLock { $0.removeValue(forKey: key) } ?? []
            for waiter in waiters { waiter.resume(returning: outcome) }
        }
    }
}
