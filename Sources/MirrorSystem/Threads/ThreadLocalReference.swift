internal import Glibc

/// One object for each thread, found without a lock.
///
/// The reference is not counted: whoever sets it keeps the object alive as long as the thread
/// runs.
package struct ThreadLocalReference<Object: AnyObject>: Sendable {
    private let key: pthread_key_t

    package init() {
        var key = pthread_key_t()
        let failure = unsafe pthread_key_create(&key, nil)
        precondition(failure == 0, "cannot make a thread-local key: errno \(failure)")
        self.key = key
    }

    /// The object of the calling thread.
    package var value: Object? {
        guard let pointer = unsafe pthread_getspecific(key) else { return nil }
        // Safe: only `set` writes this key, and its caller keeps the object alive.
        return unsafe Unmanaged<Object>.fromOpaque(pointer).takeUnretainedValue()
    }

    /// Gives the calling thread its object.
    package func set(_ object: Object) {
        _ = unsafe pthread_setspecific(key, Unmanaged.passUnretained(object).toOpaque())
    }
}
