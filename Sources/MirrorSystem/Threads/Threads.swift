internal import CLinux
internal import Glibc

/// Starts a thread that nobody joins.
package func startDetachedThread(name: String, _ body: @escaping @Sendable () -> Void) {
    var attributes = pthread_attr_t()
    unsafe pthread_attr_init(&attributes)
    unsafe pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
    // Safe: the box is retained here and released once, by the thread that starts with it.
    let box = unsafe Unmanaged.passRetained(ThreadBody(name: name, run: body)).toOpaque()
    var thread = pthread_t()
    let failure = unsafe pthread_create(
        &thread, &attributes,
        { argument in
            guard let argument = unsafe argument else { return nil }
            let body = unsafe Unmanaged<ThreadBody>.fromOpaque(argument).takeRetainedValue()
            unsafe body.name.withCString { unsafe mirrord_name_thread($0) }
            body.run()
            return nil
        }, box)
    unsafe pthread_attr_destroy(&attributes)
    precondition(failure == 0, "cannot start a thread: errno \(failure)")
}

private final class ThreadBody: Sendable {
    let name: String
    let run: @Sendable () -> Void

    init(name: String, run: @escaping @Sendable () -> Void) {
        self.name = name
        self.run = run
    }
}

/// Lets calls on connections that the peer has left fail on this thread, rather than end the
/// process by a signal: `sendfile` has no flag for that.
package func blockBrokenPipeSignal() {
    var signals = sigset_t()
    // Safe: the calls fill and read the set and keep nothing.
    unsafe sigemptyset(&signals)
    unsafe sigaddset(&signals, SIGPIPE)
    unsafe pthread_sigmask(SIG_BLOCK, &signals, nil)
}

/// How many processors this process may use; at least 1.
package var usableProcessorCount: Int {
    max(1, Int(mirrord_processor_count()))
}

/// What a thread of this process is for.
package enum ThreadRole {
    private static let key: pthread_key_t = {
        var key = pthread_key_t()
        unsafe pthread_key_create(&key, nil)
        return key
    }()

    /// Marks the calling thread as one that may block.
    package static func enterBlockingPool() {
        unsafe pthread_setspecific(key, UnsafeRawPointer(bitPattern: 1))
    }

    /// Whether the calling thread may block.
    package static var isBlockingPool: Bool {
        unsafe pthread_getspecific(key) != nil
    }
}
