internal import MirrorSystem

/// How much room a storage driver has.
public struct StorageSpace: Hashable, Sendable {
    /// Size of the whole volume in bytes.
    public var total: Int64
    /// Bytes that can still be written.
    public var available: Int64

    /// Describes a volume.
    public init(total: Int64, available: Int64) {
        self.total = total
        self.available = available
    }
}

extension FileSystemDriver {
    /// How much room the file system of the root has.
    public func space() async throws(StorageError) -> StorageSpace {
        try await run(.root) { store throws(SystemError) in
            let volume = try VolumeSpace(at: store.layout.root)
            return StorageSpace(total: volume.total, available: volume.available)
        }
    }

    /// Removes what a killed process left half-written or half-removed at least an hour ago.
    /// Uploads are no such thing: they wait to be taken up.
    public func sweep() async throws(StorageError) {
        try await run(.root) { store throws(SystemError) in
            try store.sweep(before: secondsSince1970() - 3600)
        }
    }
}
