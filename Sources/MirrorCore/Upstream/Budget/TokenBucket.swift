/// How fast bytes may pass. Time is passed in.
///
/// Bytes are taken when they have come, so their number is known; who takes more than there is
/// leaves a debt, and whoever comes next waits until it is paid.
struct TokenBucket {
    /// Bytes a second.
    private let rate: Double
    /// Bytes that may pass at once, below zero where some have passed too early.
    private var level: Double
    private var filledAt: WallTime

    /// A bucket that fills by `rate` bytes a second and holds what comes in one.
    init(rate: Int64, at now: WallTime) {
        self.rate = Double(max(1, rate))
        level = self.rate
        filledAt = now
    }

    /// Takes bytes for somebody who goes first.
    ///
    /// - Returns: how long to wait before using them.
    mutating func take(_ count: Int, at now: WallTime) -> Duration {
        fill(at: now)
        let delay = timeToPay
        level -= Double(count)
        return delay
    }

    /// Takes bytes for somebody who stands back, once there is no debt.
    ///
    /// - Returns: how long to wait before trying again; nil when the bytes are taken.
    mutating func takeLeisurely(_ count: Int, at now: WallTime) -> Duration? {
        fill(at: now)
        if hasDebt { return timeToPay }
        level -= Double(count)
        return nil
    }

    /// Less than a byte is what rounding leaves.
    private var hasDebt: Bool { level <= -1 }

    private var timeToPay: Duration {
        hasDebt ? .nanoseconds(Int64((-level / rate * 1e9).rounded())) : .zero
    }

    private mutating func fill(at now: WallTime) {
        // A clock that was set back gives nothing, and does not stop the filling.
        let elapsed = max(now - filledAt, .zero) / Duration.seconds(1)
        level = min(level + elapsed * rate, rate)
        filledAt = now
    }
}
