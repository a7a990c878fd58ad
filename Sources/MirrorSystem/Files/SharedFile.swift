internal import Glibc

/// An open file with any number of owners; it is closed when the last one lets go.
///
/// Reads and writes name their offset, so owners do not disturb each other.
package final class SharedFile: Sendable {
    /// Valid as long as this object lives.
    package let descriptor: Int32

    /// Takes over an open descriptor.
    package init(owning descriptor: Int32) {
        self.descriptor = descriptor
    }

    deinit {
        close(descriptor)
    }
}
