internal import MirrorSystem

/// Tells when the answer to a request does not come in time. Starting it for one request after
/// another costs no insertion among the loop's timers while an earlier one is still there.
// Safe: used on its loop only, which `start` asserts.
final class AnswerTimer: TimerEntry, @unchecked Sendable {
    /// Of the request under way; 0 while there is none.
    private(set) var deadline: UInt64 = 0
    private var scheduledUntil: UInt64 = 0
    private let loop: EventLoop
    private let timeout: UInt64
    private let tell: () -> Void

    init(on loop: EventLoop, _ timeout: Duration, _ tell: @escaping () -> Void) {
        self.loop = loop
        self.timeout = UInt64(max(1, timeout.nanoseconds))
        self.tell = tell
    }

    func start() {
        assert(loop.isCurrent)
        let now = MonotonicClock.nanoseconds
        deadline = now &+ timeout
        guard scheduledUntil <= now else { return }
        scheduledUntil = deadline
        loop.schedule(self)
    }

    func stop() {
        deadline = 0
    }

    func timerFired() {
        deadline = 0
        scheduledUntil = 0
        tell()
    }
}
