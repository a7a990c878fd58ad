internal import CLinux
internal import Glibc

/// A counting semaphore for threads that may block.
@safe package final class ThreadSignal: Sendable {
    // Safe: sem_t is made to be used by many threads at once; the pointer never changes.
    private nonisolated(unsafe) let semaphore: UnsafeMutablePointer<sem_t>

    package init() {
        unsafe semaphore = .allocate(capacity: 1)
        unsafe sem_init(semaphore, 0, 0)
    }

    deinit {
        unsafe sem_destroy(semaphore)
        unsafe semaphore.deallocate()
    }

    package func post() {
        unsafe sem_post(semaphore)
    }

    package func wait() {
        while unsafe sem_wait(semaphore) == -1, errno == EINTR {}
    }
}
