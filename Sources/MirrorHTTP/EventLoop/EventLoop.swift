internal import MirrorSystem
internal import Synchronization

/// One thread that waits for sockets and runs the tasks that use them.
///
/// It is a task executor: a task that prefers a loop runs on its thread, and so does everything
/// that the task calls, so code on a loop is plain `async` code with no hops. Order of a turn:
/// jobs, timers, events of the kernel.
public final class EventLoop: TaskExecutor {
    /// Runs that many rounds of jobs before it looks at sockets again, so that tasks which keep
    /// each other busy cannot starve them.
    private static let roundLimit = 64

    private let polls: EpollSet
    private let inbox: Mutex<Inbox>
    // Safe: touched on the loop's thread only.
    private nonisolated(unsafe) var local = LoopState()

    private struct Inbox {
        var jobs = JobQueue()
        var isAsleep = false
        var isStopping = false
    }

    /// What belongs to the loop's thread.
    private struct LoopState {
        var jobs = JobQueue()
        var channels = ChannelTable()
        var timers = TimerWheel(now: MonotonicClock.nanoseconds)
    }

    private static let ofThread = ThreadLocalReference<EventLoop>()

    /// The loop whose thread this is called on.
    public static var current: EventLoop? { ofThread.value }

    /// Whether this is called on the loop's own thread.
    var isCurrent: Bool { Self.current === self }

    /// Starts a loop with a thread of its own.
    init(name: String) throws(SystemError) {
        polls = try EpollSet()
        inbox = Mutex(Inbox())
        startDetachedThread(name: name) { [self] in
            Self.ofThread.set(self)
            blockBrokenPipeSignal()
            run()
        }
    }

    /// Queues a job; a job that comes from the loop itself takes no lock.
    public func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        if isCurrent {
            // Safe: only the loop's own thread gets here.
            unsafe local.jobs.append(job)
            return
        }
        let mustWake = inbox.withLock { inbox in
            inbox.jobs.append(job)
            defer { inbox.isAsleep = false }
            return inbox.isAsleep
        }
        if mustWake { polls.wake() }
    }

    /// Ends the thread once the jobs queued so far have run. Tasks that still wait for a socket
    /// of this loop are never resumed, so end them first.
    func stop() {
        inbox.withLock { inbox in
            inbox.isStopping = true
            inbox.isAsleep = false
        }
        polls.wake()
    }

    // MARK: For the loop's own sockets and timers

    /// Watches a socket. Call on the loop.
    func register(
        _ channel: some ReadinessHandler, descriptor: Int32, interest: EpollSet.Interest
    ) throws(SystemError) -> UInt64 {
        assert(isCurrent)
        // Safe: on the loop's thread, as everything below in this section.
        let token = unsafe local.channels.insert(channel)
        do {
            try polls.add(descriptor, token: token, interest: interest)
        } catch {
            unsafe local.channels.remove(token)
            throw error
        }
        return token
    }

    /// Stops watching a socket, which its owner is about to close. Call on the loop.
    func unregister(_ token: UInt64, descriptor: Int32) {
        assert(isCurrent)
        polls.remove(descriptor)
        unsafe local.channels.remove(token)
    }

    /// Calls `entry` when its deadline has passed. Call on the loop.
    func schedule(_ entry: some TimerEntry) {
        assert(isCurrent)
        unsafe local.timers.insert(entry)
    }

    /// Waits for `duration`, to the grain of ``TimerWheel``. Call on the loop.
    func sleep(for duration: Duration) async {
        // Safe: the sleeper resumes the continuation once, when the wheel drops it.
        unsafe await withUnsafeContinuation { continuation in
            let deadline = MonotonicClock.nanoseconds &+ UInt64(max(0, duration.nanoseconds))
            schedule(unsafe Sleeper(deadline: deadline, continuation: continuation))
        }
    }

    // MARK: The turn of the loop

    private func run() {
        while true {
            runJobs()
            // Safe: on the loop's thread.
            for timer in unsafe local.timers.takeDue(at: MonotonicClock.nanoseconds) {
                timer.timerFired()
            }
            guard let timeout = prepareToWait() else { return }
            polls.wait(milliseconds: timeout) { event in
                unsafe local.channels[event.token]?.becameReady(event)
            }
            inbox.withLock { $0.isAsleep = false }
        }
    }

    private func runJobs() {
        for _ in 0..<Self.roundLimit {
            // Safe: on the loop's thread. A job may append others, so each is taken by itself.
            let count = unsafe local.jobs.count
            if count == 0 { return }
            for _ in 0..<count {
                guard let job = unsafe local.jobs.popFirst() else { return }
                unsafe job.runSynchronously(on: asUnownedTaskExecutor())
            }
        }
    }

    /// Takes in what other threads queued and says how long to wait, in milliseconds; nil when
    /// the loop has ended.
    private func prepareToWait() -> Int32? {
        inbox.withLock { inbox in
            // Safe: on the loop's thread.
            unsafe local.jobs.takeAll(of: &inbox.jobs)
            if unsafe !local.jobs.isEmpty { return 0 }
            if inbox.isStopping { return nil }
            inbox.isAsleep = true
            return unsafe local.timers.millisecondsToNext(from: MonotonicClock.nanoseconds)
        }
    }
}

/// Told of what the kernel says about one descriptor, on the loop's thread.
protocol ReadinessHandler: AnyObject, Sendable {
    func becameReady(_ event: EpollSet.Event)
}

/// A task that waits for time to pass.
@safe private final class Sleeper: TimerEntry {
    let deadline: UInt64
    private let continuation: UnsafeContinuation<Void, Never>

    init(deadline: UInt64, continuation: UnsafeContinuation<Void, Never>) {
        self.deadline = deadline
        unsafe self.continuation = continuation
    }

    func timerFired() {
        // Safe: the wheel drops an entry when it fires, so this happens once.
        unsafe continuation.resume()
    }
}
