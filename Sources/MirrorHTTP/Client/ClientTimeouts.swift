internal import MirrorSystem

/// How long a client waits, and for what. With these defaults every request is decided in 25
/// seconds at most: clients of a mirror turn away after 30.
public struct ClientTimeouts: Hashable, Sendable {
    /// For the look-up of a name and a connection to one of its addresses, together; 10 seconds.
    public var connect = Duration.seconds(10)
    /// For the TLS handshake; 10 seconds.
    public var handshake = Duration.seconds(10)
    /// From a request to the end of its response's head; 15 seconds.
    public var responseHead = Duration.seconds(15)
    /// Between two parts of a body; 30 seconds.
    public var bodySilence = Duration.seconds(30)
    /// For each 16 KiB of a body, or what is left of it; 60 seconds. Zero means any time.
    public var bodyCrawl = Duration.seconds(60)
    /// For all of the above up to the head of the final response, redirects and authentication
    /// included; 25 seconds.
    public var answer = Duration.seconds(25)
    /// For an upstream's word on what somebody's own credentials allow; 5 seconds. Content may be
    /// asked for after that.
    public var access = Duration.seconds(5)

    /// The timeouts by default.
    public init() {}
}

/// How much a client takes and keeps.
public struct ClientLimits: Hashable, Sendable {
    /// Connections kept open for later, for each origin and event loop.
    public var idleConnectionLimit = 8
    /// Connections at the same time, for each origin and event loop; further requests wait.
    public var connectionLimit = 64
    /// How long a connection is kept open for later.
    public var idleLifetime = Duration.seconds(60)
    /// Redirects followed for one request.
    public var redirectLimit = 5
    /// How much of a response's head is taken.
    public var head = HTTPLimits()
    /// The most bytes handed over at a time.
    public var blockByteLimit = 256 << 10

    /// The limits by default.
    public init() {}
}

/// A moment of the monotonic clock by which something has to be decided.
struct Deadline: Hashable, Sendable {
    private let nanoseconds: UInt64

    init(in duration: Duration) {
        let ahead = UInt64(max(0, duration.nanoseconds))
        nanoseconds =
            MonotonicClock.nanoseconds.addingReportingOverflow(ahead).overflow
            ? .max : MonotonicClock.nanoseconds + ahead
    }

    /// What is left; never negative.
    var remaining: Duration {
        let now = MonotonicClock.nanoseconds
        return now >= nanoseconds ? .zero : .nanoseconds(Int64(clamping: nanoseconds - now))
    }

    var hasPassed: Bool { remaining == .zero }

    /// The earlier of this and `duration` from now.
    func within(_ duration: Duration) -> Deadline {
        let other = Deadline(in: duration)
        return other.nanoseconds < nanoseconds ? other : self
    }
}
