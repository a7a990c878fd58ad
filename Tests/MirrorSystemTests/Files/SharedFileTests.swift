import MirrorSystem
import Testing

@Suite struct SharedFileTests {
    private let folder: TestFolder

    init() throws {
        folder = try TestFolder()
    }

    @Test func readsAndWritesAtOffsets() throws {
        let file = try SharedFile.open(folder.path("file"), for: .updating)
        try file.write([1, 2, 3, 4, 5], at: 0)
        try file.write([9, 9], at: 3)
        #expect(try file.read(at: 1, limit: 3) == [2, 3, 9])
        #expect(try file.read(at: 4, limit: 100) == [9])
        #expect(try file.read(at: 5, limit: 100) == [])
        try file.write([], at: 1 << 40)
        #expect(try FileStatus(of: file).size == 5)
    }

    @Test func cutsAFile() throws {
        let file = try SharedFile.open(folder.path("file"), for: .updating)
        try file.write([1, 2, 3], at: 0)
        try file.truncate(to: 1)
        #expect(try file.read(at: 0, limit: 10) == [1])
        try file.syncContent()
        try file.sync()
    }

    @Test func opensOnlyWhatThePurposeAllows() throws {
        try folder.write([1], to: "file")
        let existing = #expect(throws: SystemError.self) {
            try SharedFile.open(folder.path("file"), for: .creating)
        }
        #expect(existing?.isConflict == true)
        let missing = #expect(throws: SystemError.self) {
            try SharedFile.open(folder.path("absent"), for: .reading)
        }
        #expect(missing?.isMissing == true)
        let below = #expect(throws: SystemError.self) {
            try SharedFile.open(folder.path("file/below"), for: .reading)
        }
        #expect(below?.isUnreachable == true)
        #expect(throws: SystemError.self) {
            try SharedFile.open(folder.path("file"), for: .folder)
        }
        let reader = try SharedFile.open(folder.path("file"), for: .reading)
        #expect(throws: SystemError.self) { try reader.write([1], at: 0) }
    }

    @Test func saysWhichCallFailed() throws {
        let error = #expect(throws: SystemError.self) {
            try SharedFile.open(folder.path("absent"), for: .reading)
        }
        #expect(error?.description == "open: No such file or directory")
    }

    @Test func saysWhenTheDeviceIsFull() throws {
        let file = try SharedFile.open("/dev/full", for: .updating)
        let error = #expect(throws: SystemError.self) { try file.write([1], at: 0) }
        #expect(error?.isOutOfSpace == true)
    }

    /// The file system of the temporary folder has to keep files in memory and let go of them.
    @Test func isReadOnceWithoutATraceUnlessItWasInMemory() throws {
        let path = folder.path("file")
        let bytes = [UInt8](repeating: 7, count: 3 << 20)
        let written = try SharedFile.open(path, for: .creating)
        try written.write(bytes, at: 0)
        try written.sync()
        #expect(written.isInMemory(0..<3 << 20))
        let file = try SharedFile.open(path, for: .reading)
        #expect(try file.readOnce(at: 0, limit: 3 << 20) == bytes)
        #expect(file.isInMemory(0..<3 << 20))

        file.forget(0..<3 << 20)
        guard !file.isInMemory(0..<3 << 20) else { return }
        _ = try file.read(at: 2 << 20, limit: 4096)
        for block: Int64 in 0..<3 {
            #expect(try file.readOnce(at: block << 20, limit: 1 << 20).count == 1 << 20)
        }
        #expect(!file.isInMemory(0..<2 << 20))
        #expect(file.isInMemory(2 << 20..<3 << 20))
        #expect(try file.readOnce(at: 3 << 20, limit: 1) == [])
    }

    @Test func isLockedAgainstOtherOpeningsUntilItIsClosed() throws {
        let path = folder.path("file")
        var first: SharedFile? = try SharedFile.open(path, for: .updating)
        let second = try SharedFile.open(path, for: .updating)
        #expect(first?.tryLock() == true)
        #expect(!second.tryLock())
        first?.unlock()
        #expect(second.tryLock())
        #expect(first?.tryLock() == false)
        second.unlock()
        #expect(first?.tryLock() == true)
        first = nil
        #expect(second.tryLock())
    }
}
