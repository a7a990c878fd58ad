import MirrorCore

/// A place in a script where calls wait until a test lets them pass, or they are cancelled.
public final class Checkpoint: Sendable {
    private let reached = Gate()
    private let opened = Gate()

    /// A closed checkpoint.
    public init() {}

    /// Waits until the first call has come.
    public func untilReached() async {
        await reached.wait()
    }

    /// Lets all calls pass, those that wait and those that come.
    public func open() {
        opened.open()
    }

    /// Waits until it is open.
    ///
    /// - Throws: when the task is cancelled before.
    func pass() async throws(UpstreamError) {
        reached.open()
        guard await opened.waitUnlessCancelled() else {
            throw UpstreamError(.unavailable, "cancelled")
        }
    }
}
