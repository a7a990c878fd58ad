internal import Synchronization

/// Which content was found damaged, in the order of the findings. Whatever was opened before its
/// digest was found damaged is not to be read on; what is opened later is something else.
final class DamageRecord: Sendable {
    /// Digests remembered. What was opened before a forgotten finding counts as damaged, too.
    private static let countLimit = 1024

    private struct Finding {
        var number: Int
        /// Whether the damaged bytes still lie where sound ones should.
        var isInPlace: Bool
    }

    private struct State {
        var findings: [Digest: Finding] = [:]
        var lastForgotten = 0
    }

    private let state = Mutex(State())
    private let count = Atomic<Int>(0)

    /// The number of the last finding; 0 before the first.
    var latest: Int { count.load(ordering: .acquiring) }

    /// Content was found damaged. It has to be out of its place by now if it ever will be.
    func add(_ digest: Digest, isInPlace: Bool) {
        state.withLock { state in
            let number = count.load(ordering: .relaxed) + 1
            state.findings[digest] = Finding(number: number, isInPlace: isInPlace)
            if state.findings.count > Self.countLimit { forgetOldest(&state) }
            count.store(number, ordering: .releasing)
        }
    }

    private func forgetOldest(_ state: inout State) {
        guard let oldest = state.findings.min(by: { $0.value.number < $1.value.number })
        else { return }
        state.findings[oldest.key] = nil
        state.lastForgotten = oldest.value.number
    }

    /// Whether content was found damaged after it was opened, when the last finding was `number`.
    func concerns(_ digest: Digest, openedAfter number: Int) -> Bool {
        if latest == number { return false }
        return state.withLock { state in
            max(state.findings[digest]?.number ?? 0, state.lastForgotten) > number
        }
    }

    /// Whether what lies in a digest's place is known to be damaged.
    func isInPlace(_ digest: Digest) -> Bool {
        latest > 0 && state.withLock { $0.findings[digest]?.isInPlace ?? false }
    }

    /// Sound bytes have been put in a digest's place.
    func didReplace(_ digest: Digest) {
        if latest > 0 { state.withLock { $0.findings[digest]?.isInPlace = false } }
    }
}
