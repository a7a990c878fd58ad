internal import Glibc

/// How many descriptors the process may have open at the same time.
package enum DescriptorLimit {
    /// The limit that holds now.
    package static var current: Int { raise(to: 0) }

    /// Raises the limit to `wanted`, or to what the system allows where that is less; never
    /// lowers it.
    ///
    /// - Returns: the limit that holds now.
    @discardableResult
    package static func raise(to wanted: Int = .max) -> Int {
        var limit = rlimit()
        // Safe: the call fills `limit` and keeps nothing; so below.
        guard unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else {
            return 1024
        }
        let current = limit.rlim_cur
        let target = min(rlim_t(wanted), limit.rlim_max)
        guard target > current else { return Int(clamping: current) }
        limit.rlim_cur = target
        let isRaised =
            unsafe setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0
        return Int(clamping: isRaised ? target : current)
    }
}
