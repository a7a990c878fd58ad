internal import Synchronization

/// Bytes that grow, and are read meanwhile.
final class MemoryBuffer: StoredObject {
    private let storage = Mutex<[UInt8]>([])

    var bytes: [UInt8] { storage.withLock { $0 } }
    var count: Int { storage.withLock { $0.count } }

    var size: Int64 { Int64(count) }

    func write(_ bytes: [UInt8], at offset: Int) {
        storage.withLock { storage in
            let gap = offset - storage.count
            if gap > 0 { storage.append(contentsOf: repeatElement(0, count: gap)) }
            let end = min(storage.count, offset + bytes.count)
            storage.replaceSubrange(offset..<end, with: bytes)
        }
    }

    func read(at offset: Int64, limit: Int) async throws(StorageError) -> [UInt8] {
        storage.withLock { $0.part(at: offset, limit: limit) }
    }
}

/// An unfinished write in memory. The driver keeps the buffer, so a later upload finds it.
final class MemoryUpload: StorageUpload {
    private let driver: MemoryDriver
    private let key: StorageKey
    private let buffer: MemoryBuffer

    init(_ buffer: MemoryBuffer, at key: StorageKey, in driver: MemoryDriver) {
        self.driver = driver
        self.key = key
        self.buffer = buffer
    }

    deinit {
        driver.contents.withLock { $0.suspendUpload(buffer, at: key) }
    }

    var size: Int64 { Int64(buffer.count) }

    func read(at offset: Int64, limit: Int) async throws(StorageError) -> [UInt8] {
        try await buffer.read(at: offset, limit: limit)
    }

    func write(_ bytes: [UInt8], at offset: Int64) async throws(StorageError) {
        try driver.contents.withLock { contents throws(StorageError) in
            try contents.growUpload(buffer, at: key, to: offset + Int64(bytes.count))
            buffer.write(bytes, at: Int(offset))
        }
    }

    func commit(to destination: StorageKey) async throws(StorageError) {
        let object = MemoryObject(buffer.bytes)
        try driver.contents.withLock { contents throws(StorageError) in
            try contents.commitUpload(buffer, at: key, as: object, to: destination)
        }
    }

    func suspend() async {
        driver.contents.withLock { $0.suspendUpload(buffer, at: key) }
    }

    func abandon() async {
        driver.contents.withLock { $0.abandonUpload(buffer, at: key) }
    }
}
