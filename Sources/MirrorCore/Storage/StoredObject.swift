/// An open object: it can be read to its end even when it is removed or replaced meanwhile.
public protocol StoredObject: AnyObject, Sendable {
    /// Size in bytes. Grows while the object is a ``StorageUpload``, else stays.
    var size: Int64 { get }

    /// The bytes from `offset`, at least one and at most `limit` of them; fewer than `limit` is
    /// no sign of the end. Empty only when `offset` is at or past ``size``.
    func read(at offset: Int64, limit: Int) async throws(StorageError) -> [UInt8]

    /// The same bytes, for somebody who reads them this once: they should not push what others
    /// read often out of any memory.
    func readOnce(at offset: Int64, limit: Int) async throws(StorageError) -> [UInt8]

    /// The same bytes as part of an open file, for drivers that have files; nil for others.
    ///
    /// - Precondition: `range` lies within `0..<size`.
    func region(_ range: Range<Int64>) -> FileRegion?

    /// Tells this object from any other that its key leads to before or after, as an entity tag
    /// or a file's number does: all openings of one object have the same. It holds as long as one
    /// of them is open. Nil where the driver cannot tell.
    var version: String? { get }
}

extension StoredObject {
    /// It makes no difference unless the driver says so.
    public func readOnce(
        at offset: Int64, limit: Int
    ) async throws(StorageError) -> [UInt8] {
        try await read(at: offset, limit: limit)
    }

    /// The driver cannot tell unless it says so.
    public var version: String? { nil }

    /// There is no file unless the driver says so.
    public func region(_ range: Range<Int64>) -> FileRegion? { nil }
}

/// An unfinished write, which can be read while it grows.
///
/// Exactly one of ``commit(to:)``, ``suspend()`` and ``abandon()`` ends it. An upload that is
/// merely dropped is as if suspended.
public protocol StorageUpload: StoredObject {
    /// Writes bytes at `offset`, wherever that is; when this returns they can be read, and
    /// ``size`` is at least where they end. A gap before them that nobody has written holds any
    /// bytes. After an error the upload has its former size. Writes to different places may run
    /// at the same time.
    func write(_ bytes: [UInt8], at offset: Int64) async throws(StorageError)

    /// Makes everything written durable and visible as the object at `key`, in one step. The
    /// upload stays readable. After an error it has not ended: it can be tried again, suspended
    /// or abandoned.
    func commit(to key: StorageKey) async throws(StorageError)

    /// Leaves what was written to be taken up later, as far as the driver can.
    func suspend() async

    /// Removes what was written.
    func abandon() async
}

extension StorageUpload {
    /// Writes bytes at the end.
    public func append(_ bytes: [UInt8]) async throws(StorageError) {
        try await write(bytes, at: size)
    }
}
