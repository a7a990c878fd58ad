internal import Glibc

/// Time since some fixed point, which never jumps.
package enum MonotonicClock {
    /// Nanoseconds since the machine started, or thereabouts.
    package static var nanoseconds: UInt64 {
        var time = timespec()
        // Safe: the kernel fills in one timespec.
        unsafe clock_gettime(CLOCK_MONOTONIC, &time)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }
}

extension Duration {
    /// Whole nanoseconds; clamped to what 64 bits hold.
    package var nanoseconds: Int64 {
        // Not by `components`, which divides twice: this is on the way of every request.
        Int64(clamping: attoseconds / 1_000_000_000)
    }
}
