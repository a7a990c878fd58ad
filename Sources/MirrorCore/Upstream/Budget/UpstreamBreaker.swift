internal import Synchronization

/// Keeps callers from an upstream that lets them wait in vain, and finds out behind their backs
/// when it answers again.
///
/// Only waiting counts: an upstream that fails at once costs nobody anything, and is asked each
/// time, so that it is noticed at once when it is back.
final class UpstreamBreaker: Sendable {
    /// Failures that come sooner than this made nobody wait.
    private static let vainWait = Duration.seconds(1)

    private struct State {
        var breaker: CircuitBreaker
        var probing: Task<Void, Never>?
    }

    private let upstream: any UpstreamFetcher
    private let time: any TimeSource
    private let chance: @Sendable () -> Double
    private let logger: Logger
    private let state: Mutex<State>

    init(
        _ upstream: any UpstreamFetcher, failureLimit: Int, time: any TimeSource,
        chance: @escaping @Sendable () -> Double, logger: Logger
    ) {
        self.upstream = upstream
        self.time = time
        self.chance = chance
        self.logger = logger
        state = Mutex(State(breaker: CircuitBreaker(failureLimit: failureLimit)))
    }

    deinit {
        state.withLock { $0.probing }?.cancel()
    }

    /// Whether requests pass.
    var isClosed: Bool { state.withLock { $0.breaker.isClosed } }

    /// Passes while the upstream answers.
    ///
    /// - Throws: ``UpstreamError/Code/unavailable`` with the time after which it will have been
    ///   asked again.
    func admit() throws(UpstreamError) {
        let breaker = state.withLock { $0.breaker }
        if breaker.isClosed { return }
        let delay = breaker.nextProbe.map { $0 - time.now } ?? .zero
        throw UpstreamError(
            .unavailable, "upstream let several requests in a row wait in vain, and is left alone",
            retryAfter: max(delay, .seconds(1)))
    }

    /// A request that began at `start` ended: with `error`, or without.
    func didEnd(_ error: UpstreamError?, begunAt start: WallTime, probe: UpstreamProbe) {
        // Whose task was cancelled did not wait to the end.
        if error != nil, Task.isCancelled { return }
        if isVain(error, since: start) { return didFail(error, probe) }
        if state.withLock({ $0.breaker.didAnswer() }) { logger.info("upstream answers again") }
    }

    private func isVain(_ error: UpstreamError?, since start: WallTime) -> Bool {
        error?.code == .unavailable && time.now - start >= Self.vainWait
    }

    private func didFail(_ error: UpstreamError?, _ probe: UpstreamProbe) {
        let now = time.now
        let isDead = state.withLock { state in
            guard state.breaker.didFail(at: now, chance: chance()) else { return false }
            if state.probing == nil { state.probing = probing(with: probe) }
            return true
        }
        guard isDead else { return }
        logger.warning(
            "upstream does not answer; it is left alone, and asked again in the background",
            LogField("error", error?.reason ?? ""))
    }

    // MARK: Probes

    /// Probes until the upstream answers. While it sleeps it keeps nothing alive.
    private func probing(with probe: UpstreamProbe) -> Task<Void, Never> {
        // Detached, so that it does not go on as the client whose request failed.
        Task.detached { [weak self, time] in
            await UpstreamPriority.$current.withValue(.background) {
                while let next = self?.nextProbe() {
                    do { try await time.sleep(until: next) } catch { return }
                    await self?.ask(probe)
                }
            }
        }
    }

    /// When to probe next; nil when there is nothing to find out any more.
    private func nextProbe() -> WallTime? {
        state.withLock { state in
            let next = state.breaker.nextProbe
            if next == nil { state.probing = nil }
            return next
        }
    }

    private func ask(_ probe: UpstreamProbe) async {
        let start = time.now
        guard state.withLock({ $0.breaker.beginProbe(at: start) }) else { return }
        do {
            try await probe.ask(upstream)
        } catch  where isVain(error, since: start) {
            let now = time.now
            return state.withLock { $0.breaker.didFailProbe(at: now, chance: chance()) }
        } catch {}
        if state.withLock({ $0.breaker.didAnswer() }) { logger.info("upstream answers again") }
    }
}
