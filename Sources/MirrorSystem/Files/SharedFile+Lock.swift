internal import Glibc

extension SharedFile {
    /// Takes the advisory lock of the whole file, which other openings of it respect.
    ///
    /// The kernel drops it when the last descriptor of this opening is closed, so a killed
    /// process leaves no lock behind.
    ///
    /// - Returns: false when another opening of the file holds it. True also where the file
    ///   system knows no locks.
    package func tryLock() -> Bool {
        while flock(descriptor, LOCK_EX | LOCK_NB) == -1 {
            if errno == EWOULDBLOCK { return false }
            if errno != EINTR { return true }
        }
        return true
    }

    /// Takes the lock together with any number of others who share it, or keeps it so; does
    /// nothing while somebody has it alone.
    package func tryShare() {
        while flock(descriptor, LOCK_SH | LOCK_NB) == -1, errno == EINTR {}
    }

    /// Lets go of the lock.
    package func unlock() {
        flock(descriptor, LOCK_UN)
    }
}
