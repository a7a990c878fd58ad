public import MirrorCore

/// The calls that a storage driver, its objects and its uploads get.
public enum StorageOperation: Hashable, Sendable, CaseIterable {
    /// Calls to the driver.
    case open, stat, put, upload, unfinished, list, listUnfinished, move, delete
    /// Calls to an object or an upload.
    case read, region
    /// Calls to an upload.
    case write, commit, suspend, abandon
}

/// Which calls fail, and how. ``StorageOperation/region``, ``StorageOperation/suspend`` and
/// ``StorageOperation/abandon`` cannot fail; they are only counted.
public struct StorageFault: Sendable {
    /// The error's code.
    public var code: StorageError.Code
    /// The kinds of calls that are hit.
    public var operations: Set<StorageOperation>
    /// The key at or below which calls are hit. Reads and writes count as calls at the key
    /// that the object or upload was opened at, and so does a commit.
    public var key: StorageKey
    /// How many matching calls are let through first.
    public var skipping: Int
    /// How many are hit after that.
    public var count: Int
    /// How many bytes may be written by matching calls; a call that would exceed them is hit.
    /// Nil for no such rule: every matching call is hit.
    public var byteLimit: Int?

    /// Describes a fault; by default every call that matches is hit.
    public init(
        _ code: StorageError.Code, on operations: Set<StorageOperation>,
        below key: StorageKey = .root, skipping: Int = 0, count: Int = .max,
        byteLimit: Int? = nil
    ) {
        self.code = code
        self.operations = operations
        self.key = key
        self.skipping = skipping
        self.count = count
        self.byteLimit = byteLimit
    }

    /// Storage that is full after `bytes` more are written, by puts and writes together.
    public static func fullAfter(bytes: Int) -> StorageFault {
        StorageFault(.outOfSpace, on: [.put, .write], byteLimit: bytes)
    }

    /// Storage that may only be read.
    public static var readOnly: StorageFault {
        StorageFault(.notPermitted, on: [.put, .upload, .write, .commit, .move, .delete])
    }
}

/// What a faulty driver has seen, and what it is to fail.
struct FaultRecord {
    var faults: [Armed] = []
    var counts: [StorageOperation: Int] = [:]

    /// A fault with what it has met so far.
    struct Armed {
        let fault: StorageFault
        private var skipped = 0
        private var hits = 0
        private var byteCount = 0

        init(fault: StorageFault) {
            self.fault = fault
        }

        /// Whether a call is hit.
        mutating func hits(
            _ operation: StorageOperation, _ key: StorageKey, byteCount count: Int
        ) -> Bool {
            guard fault.operations.contains(operation), fault.key.isAtOrAbove(key)
            else { return false }
            if let limit = fault.byteLimit, byteCount + count <= limit {
                byteCount += count
                return false
            }
            if skipped < fault.skipping {
                skipped += 1
                return false
            }
            guard hits < fault.count else { return false }
            hits += 1
            return true
        }
    }

    /// Counts a call; the code that it must fail with, or nil.
    mutating func note(
        _ operation: StorageOperation, _ key: StorageKey, byteCount: Int
    ) -> StorageError.Code? {
        counts[operation, default: 0] += 1
        for index in faults.indices
        where faults[index].hits(operation, key, byteCount: byteCount) {
            return faults[index].fault.code
        }
        return nil
    }
}
