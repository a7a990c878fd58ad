internal import Synchronization

/// Whether a mirror is up: it is from when it listens until it is told to stop.
public final class Readiness: Sendable {
    private let isUpNow = Atomic(false)

    /// Not up yet.
    public init() {}

    /// Whether clients are to be sent here.
    public var isUp: Bool {
        get { isUpNow.load(ordering: .relaxed) }
        set { isUpNow.store(newValue, ordering: .relaxed) }
    }
}
