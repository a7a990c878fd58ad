internal import MirrorSystem
internal import Synchronization

/// Does one piece of work for all who ask for it at the same time.
///
/// The work is a task of its own: whoever asked first may leave, and it goes on for the others.
package final class SingleFlight<Key: Hashable & Sendable, Value: Sendable, Failure: Error>:
    Sendable
{
    private typealias Outcome = Result<Value, Failure>

    /// Those who wait for one piece of work.
    private struct Flight {
        /// Whether the first of them caused it; nobody did where it was begun without waiting.
        var hasCause: Bool
        var waiters: [CheckedContinuation<(Outcome, isShared: Bool), Never>] = []
    }

    private let flights = Mutex<[Key: Flight]>([:])

    package init() {}

    /// How many pieces of work are under way.
    package var count: Int { flights.withLock { $0.count } }

    /// The result of `work`, and whether it was under way already for another reason.
    package func value(
        for key: Key, _ work: @escaping @Sendable () async throws(Failure) -> Value
    ) async throws(Failure) -> (value: Value, isShared: Bool) {
        let (outcome, isShared) = await withCheckedContinuation {
            (continuation: CheckedContinuation<(Outcome, isShared: Bool), Never>) in
            let isFirst = flights.withLock { flights in
                let isFirst = flights[key] == nil
                flights[key, default: Flight(hasCause: true)].waiters.append(continuation)
                return isFirst
            }
            if isFirst { start(key, work) }
        }
        return (try outcome.get(), isShared)
    }

    /// Starts `work` unless it is under way, and does not wait for it.
    package func begin(
        _ key: Key, _ work: @escaping @Sendable () async throws(Failure) -> Value
    ) {
        let isFirst = flights.withLock { flights in
            if flights[key] != nil { return false }
            flights[key] = Flight(hasCause: false)
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
            guard let flight = flights.withLock({ $0.removeValue(forKey: key) }) else { return }
            for (index, waiter) in flight.waiters.enumerated() {
                waiter.resume(returning: (outcome, isShared: index > 0 || !flight.hasCause))
            }
        }
    }
}
