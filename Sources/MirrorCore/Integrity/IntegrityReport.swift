internal import Synchronization

/// What a mirror has learnt of the state of what it holds, since it was made.
public struct IntegrityReport: Hashable, Sendable {
    /// Blobs and manifests that the scrub has read and found right.
    public var soundCount = 0
    /// Their bytes.
    public var soundByteCount: Int64 = 0
    /// What the scrub could not read for reasons that say nothing of it, such as rights.
    public var skippedCount = 0
    /// How often the scrub has been through everything.
    public var passCount = 0
    /// Blobs and manifests that were found damaged, by the scrub or by a request.
    public var damagedCount = 0
    /// How many of these could not be set aside.
    public var inPlaceCount = 0
    /// How many were put right from memory.
    public var healedCount = 0

    /// Nothing learnt yet.
    public init() {}
}

/// Keeps count for the report.
final class IntegrityCounters: Sendable {
    private let counts = Mutex(IntegrityReport())

    var report: IntegrityReport { counts.withLock { $0 } }

    func update(_ change: (inout IntegrityReport) -> Void) {
        counts.withLock { change(&$0) }
    }
}
