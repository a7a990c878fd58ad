internal import Glibc

/// Waits for the signals that tell a process what to do.
package struct SignalWaiter: Sendable {
    /// What a signal asks for.
    package enum Request: Hashable, Sendable {
        /// An end; the signal's number.
        case stop(Int32)
        /// To take in anew what may have changed: SIGHUP.
        case reload
    }

    /// Holds back SIGTERM, SIGINT and SIGHUP in this thread and all that it starts, so that they
    /// come to the waiter, and lets writes to closed pipes fail instead of ending the process.
    /// Children can be waited for, whatever the process was started with. Call before any other
    /// thread starts.
    package init() {
        var signals = Self.signals
        // Safe: the set is read for the length of the call.
        unsafe pthread_sigmask(SIG_BLOCK, &signals, nil)
        signal(SIGPIPE, SIG_IGN)
        signal(SIGCHLD, SIG_DFL)
    }

    /// Hands what the signals ask for, one after another, to a handler that may block. It never
    /// returns, and is for the first thread of the process: were that one left to Dispatch, it
    /// would let the signals through.
    package func run(_ handler: (Request) -> Void) -> Never {
        var signals = Self.signals
        while true {
            var number: Int32 = 0
            // Safe: the set is read, the number written, for the length of the call.
            guard unsafe sigwait(&signals, &number) == 0 else { continue }
            handler(number == SIGHUP ? .reload : .stop(number))
        }
    }

    private static var signals: sigset_t {
        var signals = sigset_t()
        // Safe: each call writes one set.
        unsafe sigemptyset(&signals)
        unsafe sigaddset(&signals, SIGTERM)
        unsafe sigaddset(&signals, SIGINT)
        unsafe sigaddset(&signals, SIGHUP)
        return signals
    }
}
