internal import CLinux
internal import Glibc

/// A set of descriptors whose readiness the kernel reports, and an event to wake its waiter.
///
/// Descriptors are watched edge-triggered: an event comes when more becomes possible, so users
/// try until the call would block.
@safe package final class EpollSet: Sendable {
    /// What a descriptor has become ready for.
    package struct Event {
        /// The number that the descriptor was added with.
        package let token: UInt64
        package let isReadable: Bool
        package let isWritable: Bool
        /// The peer has closed its side, or the connection failed.
        package let isHungUp: Bool
    }

    /// How a descriptor is watched.
    package enum Interest: Sendable {
        /// Reading and writing of a connection, edge-triggered.
        case connection
        /// Connections waiting at a listener that several sets watch; one of them is woken.
        case listener
    }

    private static let batchLimit = 256
    private static let wakeToken = UInt64.max

    private let epoll: Int32
    private let wakeDescriptor: Int32
    // Safe: only `wait` touches the memory, and only one thread waits.
    private nonisolated(unsafe) let batch: UnsafeMutablePointer<epoll_event>

    package init() throws(SystemError) {
        epoll = try retrying("epoll_create1") { mirrord_epoll_create() }
        wakeDescriptor = try retrying("eventfd") { mirrord_eventfd() }
        unsafe batch = .allocate(capacity: Self.batchLimit)
        try add(wakeDescriptor, token: Self.wakeToken, interest: .connection)
    }

    deinit {
        close(wakeDescriptor)
        close(epoll)
        unsafe batch.deallocate()
    }

    /// Watches `descriptor`; its events carry `token`. Closing the descriptor ends it.
    package func add(
        _ descriptor: Int32, token: UInt64, interest: Interest
    ) throws(SystemError) {
        let events: UInt32 =
            switch interest {
            case .connection:
                EPOLLIN.rawValue | EPOLLOUT.rawValue | EPOLLRDHUP.rawValue | EPOLLET.rawValue
            case .listener:
                EPOLLIN.rawValue | EPOLLEXCLUSIVE.rawValue
            }
        _ = try retrying("epoll_ctl") {
            mirrord_epoll_control(epoll, EPOLL_CTL_ADD, descriptor, events, token)
        }
    }

    /// Stops watching `descriptor`.
    package func remove(_ descriptor: Int32) {
        _ = mirrord_epoll_control(epoll, EPOLL_CTL_DEL, descriptor, 0, 0)
    }

    /// Wakes the waiter, from any thread.
    package func wake() {
        var one: UInt64 = 1
        // Safe: eventfd takes the eight bytes of the counter.
        _ = unsafe write(wakeDescriptor, &one, 8)
    }

    /// Waits up to `milliseconds` (-1: without end, 0: not at all) and hands over each event.
    package func wait(milliseconds: Int32, _ handle: (Event) -> Void) {
        // Safe: the kernel fills at most `batchLimit` entries and says how many.
        let count = unsafe epoll_wait(epoll, batch, Int32(Self.batchLimit), milliseconds)
        guard count > 0 else { return }
        for index in 0..<count {
            let token = unsafe mirrord_epoll_token_at(batch, index)
            if token == Self.wakeToken {
                drainWake()
                continue
            }
            let events = unsafe mirrord_epoll_events_at(batch, index)
            let failed = EPOLLERR.rawValue | EPOLLHUP.rawValue
            handle(
                Event(
                    token: token,
                    isReadable: events & (EPOLLIN.rawValue | EPOLLRDHUP.rawValue | failed) != 0,
                    isWritable: events & (EPOLLOUT.rawValue | failed) != 0,
                    isHungUp: events & (EPOLLRDHUP.rawValue | failed) != 0))
        }
    }

    private func drainWake() {
        var count: UInt64 = 0
        // Safe: eventfd gives the eight bytes of the counter.
        _ = unsafe read(wakeDescriptor, &count, 8)
    }
}
