import MirrorCore

/// An open object whose reads are counted and may fail.
final class FaultyObject: StoredObject {
    private let object: any StoredObject
    private let key: StorageKey
    private let driver: FaultyDriver

    init(_ object: any StoredObject, at key: StorageKey, in driver: FaultyDriver) {
        self.object = object
        self.key = key
        self.driver = driver
    }

    var size: Int64 { object.size }
    var version: String? { object.version }

    func read(at offset: Int64, limit: Int) async throws(StorageError) -> [UInt8] {
        try driver.note(.read, key)
        return try await object.read(at: offset, limit: limit)
    }

    func readOnce(at offset: Int64, limit: Int) async throws(StorageError) -> [UInt8] {
        try driver.note(.read, key)
        return try await object.readOnce(at: offset, limit: limit)
    }

    func region(_ range: Range<Int64>) -> FileRegion? {
        driver.count(.region)
        return object.region(range)
    }
}

/// An upload whose calls are counted and may fail. A call that fails is not passed on.
final class FaultyUpload: StorageUpload {
    private let upload: any StorageUpload
    private let key: StorageKey
    private let driver: FaultyDriver

    init(_ upload: any StorageUpload, at key: StorageKey, in driver: FaultyDriver) {
        self.upload = upload
        self.key = key
        self.driver = driver
    }

    var size: Int64 { upload.size }

    func read(at offset: Int64, limit: Int) async throws(StorageError) -> [UInt8] {
        try driver.note(.read, key)
        return try await upload.read(at: offset, limit: limit)
    }

    func region(_ range: Range<Int64>) -> FileRegion? {
        driver.count(.region)
        return upload.region(range)
    }

    func write(_ bytes: [UInt8], at offset: Int64) async throws(StorageError) {
        try driver.note(.write, key, byteCount: bytes.count)
        try await upload.write(bytes, at: offset)
    }

    func commit(to destination: StorageKey) async throws(StorageError) {
        try driver.note(.commit, key)
        try await upload.commit(to: destination)
    }

    func suspend() async {
        driver.count(.suspend)
        await upload.suspend()
    }

    func abandon() async {
        driver.count(.abandon)
        await upload.abandon()
    }
}
