internal import Glibc

/// Waits for the signals that end a process, on a thread of its own.
package struct SignalWaiter: Sendable {
    /// Holds back SIGTERM and SIGINT in this thread and all that it starts, so that they come
    /// to the waiter, and lets writes to closed pipes fail instead of ending the process. Call
    /// before any other thread starts.
    package init() {
        var signals = Self.signals
        unsafe pthread_sigmask(SIG_BLOCK, &signals, nil)
        signal(SIGPIPE, SIG_IGN)
    }

    /// The signals, one after another, to a handler that may block. Never returns to its thread.
    package func start(_ handler: @escaping @Sendable (Int32) -> Void) {
        startDetachedThread(name: "mirrord-signals") {
            var signals = Self.signals
            while true {
                var number: Int32 = 0
                if unsafe sigwait(&signals, &number) == 0 { handler(number) }
            }
        }
    }

    private static var signals: sigset_t {
        var signals = sigset_t()
        unsafe sigemptyset(&signals)
        unsafe sigaddset(&signals, SIGTERM)
        unsafe sigaddset(&signals, SIGINT)
        return signals
    }
}
