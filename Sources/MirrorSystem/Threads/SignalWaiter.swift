internal import Glibc

/// Waits for the signals that end a process.
package struct SignalWaiter: Sendable {
    /// Holds back SIGTERM and SIGINT in this thread and all that it starts, so that they come
    /// to the waiter, and lets writes to closed pipes fail instead of ending the process. Children
    /// can be waited for, whatever the process was started with. Call before any other thread
    /// starts.
    package init() {
        var signals = Self.signals
        // Safe: the set is read for the length of the call.
        unsafe pthread_sigmask(SIG_BLOCK, &signals, nil)
        signal(SIGPIPE, SIG_IGN)
        signal(SIGCHLD, SIG_DFL)
    }

    /// Hands the signals, one after another, to a handler that may block. It never returns, and
    /// is for the first thread of the process: were that one left to Dispatch, it would let the
    /// signals through.
    package func run(_ handler: (Int32) -> Void) -> Never {
        var signals = Self.signals
        while true {
            var number: Int32 = 0
            // Safe: the set is read, the number written, for the length of the call.
            if unsafe sigwait(&signals, &number) == 0 { handler(number) }
        }
    }

    private static var signals: sigset_t {
        var signals = sigset_t()
        // Safe: each call writes one set.
        unsafe sigemptyset(&signals)
        unsafe sigaddset(&signals, SIGTERM)
        unsafe sigaddset(&signals, SIGINT)
        return signals
    }
}
