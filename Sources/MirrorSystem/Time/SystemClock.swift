import Glibc

/// Readings of the system's clocks.
package enum SystemClock {
    /// The wall clock, in nanoseconds since 1970-01-01T00:00:00Z, leap seconds not counted.
    ///
    /// It may jump, in both directions, when the system's time is set.
    package static func nanosecondsSinceEpoch() -> Int64 {
        var reading = timespec()
        // Safe: the kernel fills the structure it is given; CLOCK_REALTIME always exists, so the
        // call cannot fail.
        _ = unsafe clock_gettime(CLOCK_REALTIME, &reading)
        return Int64(reading.tv_sec) * 1_000_000_000 + Int64(reading.tv_nsec)
    }
}
