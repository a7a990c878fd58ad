internal import Glibc
internal import Synchronization

/// Threads for calls that may block, so that no event loop has to.
///
/// The pool is a task executor as well: work that mixes hashing with writing prefers it as a
/// whole and crosses over once for each block of bytes. Threads start when work waits and no
/// thread is free, up to a limit, and then stay.
package final class BlockingPool: TaskExecutor {
    /// Shared by everything in the process.
    package static let shared = BlockingPool(threadLimit: 16)

    private let state: Mutex<State>
    private let signal: ThreadSignal

    private struct State {
        var jobs = JobQueue()
        var threads = 0
        var idle = 0
        var limit: Int
    }

    package init(threadLimit: Int) {
        state = Mutex(State(limit: threadLimit))
        signal = ThreadSignal()
    }

    /// Lets there be so many threads at most from now on; those that run already stay.
    package func limitThreads(to limit: Int) {
        state.withLock { $0.limit = limit }
    }

    package func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        let startsThread = state.withLock { state in
            state.jobs.append(job)
            guard state.idle < state.jobs.count, state.threads < state.limit else { return false }
            state.threads += 1
            return true
        }
        if startsThread { startThread() }
        signal.post()
    }

    /// Runs `work` on a thread of the pool; at once when this is one already.
    package func run<Result: Sendable, Failure: Error>(
        _ work: @escaping @Sendable () throws(Failure) -> Result
    ) async throws(Failure) -> Result {
        if ThreadRole.isBlockingPool { return try work() }
        let outcome: Swift.Result<Result, Failure> = await withTaskExecutorPreference(self) {
            do throws(Failure) {
                return .success(try work())
            } catch {
                return .failure(error)
            }
        }
        return try outcome.get()
    }

    private func startThread() {
        startDetachedThread(name: "mirrord-io") { [self] in
            ThreadRole.enterBlockingPool()
            while true { runNextJob() }
        }
    }

    private func runNextJob() {
        state.withLock { $0.idle += 1 }
        signal.wait()
        let job = state.withLock { state in
            state.idle -= 1
            return state.jobs.popFirst()
        }
        // Safe: the job was taken off the queue, so it runs once.
        if let job { unsafe job.runSynchronously(on: asUnownedTaskExecutor()) }
    }
}
