/// Whether an upstream that lets callers wait in vain is asked at all. Decides; does nothing
/// itself. Time and chance are passed in.
//
//             an answer    waited in vain                     probe begun    probe in vain
//   closed    closed       closed; open after the nth ¹       –              closed
//   open      closed       open, as it was ²                  probing        –
//   probing   closed       probing                            –              open, for longer
//
// ¹ In a row: an answer counts from zero again.
// ² What was under way when it opened says nothing new.
struct CircuitBreaker {
    /// How long the upstream is left alone at first; each probe in vain doubles it.
    private static let firstPause = Duration.seconds(1)
    /// The longest that it is left alone between two probes.
    private static let pauseLimit = Duration.seconds(60)

    private enum State {
        case closed(failureCount: Int)
        case open(until: WallTime, probeCount: Int)
        case probing(probeCount: Int)
    }

    private let failureLimit: Int
    private var state = State.closed(failureCount: 0)

    /// A breaker that opens when `failureLimit` requests in a row waited in vain; never for 0.
    init(failureLimit: Int) {
        self.failureLimit = failureLimit > 0 ? failureLimit : .max
    }

    /// Whether requests pass.
    var isClosed: Bool { if case .closed = state { true } else { false } }

    /// When the next probe may be made; nil while requests pass or a probe is under way.
    var nextProbe: WallTime? { if case .open(let until, _) = state { until } else { nil } }

    /// The upstream answered, whatever it said.
    ///
    /// - Returns: whether it counted as dead until now.
    mutating func didAnswer() -> Bool {
        defer { state = .closed(failureCount: 0) }
        return !isClosed
    }

    /// A request waited in vain.
    ///
    /// - Parameter chance: between 0 and 1; the pause's length depends on it.
    /// - Returns: whether the upstream counts as dead from now on.
    mutating func didFail(at now: WallTime, chance: Double) -> Bool {
        guard case .closed(let failureCount) = state else { return false }
        guard failureCount + 1 >= failureLimit else {
            state = .closed(failureCount: failureCount + 1)
            return false
        }
        state = .open(until: now + Self.pause(after: 0, chance), probeCount: 0)
        return true
    }

    /// Whether a probe may be made now. Whoever is told so makes it, and tells of its end.
    mutating func beginProbe(at now: WallTime) -> Bool {
        guard case .open(let until, let probeCount) = state, until <= now else { return false }
        state = .probing(probeCount: probeCount + 1)
        return true
    }

    /// The probe waited in vain.
    mutating func didFailProbe(at now: WallTime, chance: Double) {
        guard case .probing(let probeCount) = state else { return }
        state = .open(until: now + Self.pause(after: probeCount, chance), probeCount: probeCount)
    }

    /// Between half of a length that doubles each time and the whole of it, so that mirrors that
    /// lost their upstream together do not ask it together.
    private static func pause(after probeCount: Int, _ chance: Double) -> Duration {
        let whole = min(firstPause * (1 << min(probeCount, 16)), pauseLimit)
        return whole / 2 + whole / 2 * chance
    }
}
