internal import Synchronization

/// What upstream said that it does not have, remembered for a short while.
final class Absences<Key: Hashable & Sendable>: Sendable {
    private struct Absence {
        var error: UpstreamError
        var end: WallTime
    }

    private let found: Mutex<BoundedCache<Key, Absence>>

    /// - Parameter countLimit: absences remembered at most.
    init(countLimit: Int = 65_536) {
        found = Mutex(BoundedCache(weightLimit: countLimit))
    }

    /// The answer of `ask`, unless it said less than `age` ago that there is none.
    func check<Value: Sendable>(
        _ key: Key, for age: Duration, by time: any TimeSource,
        _ ask: () async throws(UpstreamError) -> Value
    ) async throws(UpstreamError) -> Value {
        guard age > .zero else { return try await ask() }
        if let error = error(key, at: time.now) { throw error }
        do throws(UpstreamError) { return try await ask() } catch {
            if error.code == .notFound {
                let absence = Absence(error: error, end: time.now + age)
                found.withLock { $0.insert(absence, for: key, weight: 1) }
            }
            throw error
        }
    }

    private func error(_ key: Key, at now: WallTime) -> UpstreamError? {
        found.withLock { found in
            guard let absence = found.value(for: key) else { return nil }
            if now < absence.end { return absence.error }
            found.remove(key)
            return nil
        }
    }
}
