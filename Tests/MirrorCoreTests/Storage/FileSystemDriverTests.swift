import FoundationEssentials
import MirrorCore
import MirrorTesting
import Testing

@Suite struct FileSystemDriverTests {
    private let folder: TemporaryFolder
    private let driver: FileSystemDriver
    private let files = FileManager.default

    init() throws {
        folder = try TemporaryFolder()
        driver = try FileSystemDriver(root: folder.path)
    }

    private func names(below path: String = "") throws -> [String] {
        try files.contentsOfDirectory(atPath: "\(folder.path)/\(path)").sorted()
    }

    private func key(_ path: String) throws -> StorageKey {
        try #require(StorageKey(path))
    }

    @Test func keepsAnObjectAtThePathOfItsKey() async throws {
        try await driver.put([1, 2, 3], at: key("docker/registry/v2/object"))
        let data = files.contents(atPath: "\(folder.path)/docker/registry/v2/object")
        #expect(data.map { [UInt8]($0) } == [1, 2, 3])
    }

    @Test func aFileInTheRootsPlaceIsNoEmptyStore() async throws {
        let root = "\(folder.path)/root"
        let driver = try FileSystemDriver(root: root)
        #expect(try await driver.list(.root, after: nil, limit: 1) == [])
        try files.removeItem(atPath: root)
        #expect(files.createFile(atPath: root, contents: Data([7])))
        let error = await #expect(throws: StorageError.self) {
            _ = try await driver.list(.root, after: nil, limit: 1)
        }
        #expect(error?.reason == "opendir: Not a directory")
    }

    @Test func findsWhatAnotherProgramWrote() async throws {
        try files.createDirectory(
            atPath: "\(folder.path)/a/empty", withIntermediateDirectories: true)
        #expect(files.createFile(atPath: "\(folder.path)/a/object", contents: Data([7])))
        let object = try await driver.open(key("a/object"))
        #expect(try await object?.read(at: 0, limit: 10) == [7])
        let entries = try await driver.list(key("a"), after: nil, limit: 10)
        #expect(
            entries == [
                ListEntry(name: "empty", isFolder: true),
                ListEntry(name: "object", isFolder: false),
            ])
    }

    /// Trying again would not help, as it may where a call has merely failed.
    @Test func saysThatAFileCutShortWhileItIsOpenIsDamaged() async throws {
        try await driver.put([1, 2, 3], at: key("object"))
        let object = try #require(try await driver.open(key("object")))
        try Data([1]).write(to: URL(filePath: "\(folder.path)/object"))
        #expect(try await object.read(at: 0, limit: 10) == [1])
        let error = await #expect(throws: StorageError.self) {
            try await object.read(at: 1, limit: 10)
        }
        #expect(error?.code == .damaged)
    }

    @Test func listsNoNameThatIsNoComponentOfAKey() async throws {
        for name in ["a b", "c~", "d:e", "f"] {
            #expect(files.createFile(atPath: "\(folder.path)/\(name)", contents: nil))
        }
        let entries = try await driver.list(.root, after: nil, limit: 10)
        #expect(entries == [ListEntry(name: "f", isFolder: false)])
    }

    @Test func leavesNothingOfAnObjectThatCameAndWent() async throws {
        try await driver.put([1], at: key("a/b/object"))
        try await driver.delete(key("a"))
        let upload = try await driver.upload(at: key("fills/one"))
        await upload.abandon()
        #expect(try names() == ["~mirrord"])
        #expect(try names(below: "~mirrord") == ["passing"])
        #expect(try names(below: "~mirrord/passing") == [])
    }

    @Test func takesUpAnUploadThatAKilledProcessLeft() async throws {
        let path = "\(folder.path)/~mirrord/unfinished/fills"
        try files.createDirectory(atPath: path, withIntermediateDirectories: true)
        #expect(files.createFile(atPath: "\(path)/one", contents: Data([1, 2])))
        let upload = try await driver.upload(at: key("fills/one"))
        #expect(upload.size == 2)
        try await upload.append([3])
        try await upload.commit(to: key("object"))
        #expect(try await driver.open(key("object"))?.read(at: 0, limit: 9) == [1, 2, 3])
        #expect(try names() == ["object"])
    }

    @Test func sweepsOnlyWhatIsOld() async throws {
        let passing = "\(folder.path)/~mirrord/passing"
        try files.createDirectory(atPath: "\(passing)/tree/deep", withIntermediateDirectories: true)
        #expect(files.createFile(atPath: "\(passing)/tree/deep/file", contents: Data([1])))
        #expect(files.createFile(atPath: "\(passing)/young", contents: Data([1])))
        let twoHoursAgo = Date(timeIntervalSinceNow: -7200)
        try files.setAttributes([.modificationDate: twoHoursAgo], ofItemAtPath: "\(passing)/tree")
        try await driver.sweep()
        #expect(try names(below: "~mirrord/passing") == ["young"])
    }

    @Test func saysWhenNoSpaceIsLeft() async throws {
        // Every write to /dev/full fails as on a full disk.
        let path = "\(folder.path)/~mirrord/unfinished"
        try files.createDirectory(atPath: path, withIntermediateDirectories: true)
        try files.createSymbolicLink(atPath: "\(path)/fill", withDestinationPath: "/dev/full")
        let upload = try await uploadWhenFree(at: key("fill"))
        let error = await #expect(throws: StorageError.self) { try await upload.append([1]) }
        #expect(error?.code == .outOfSpace)
        #expect(upload.size == 0)
    }

    /// There is one `/dev/full`, and another process that runs these tests may have it locked.
    private func uploadWhenFree(at key: StorageKey) async throws -> any StorageUpload {
        while true {
            do throws(StorageError) {
                return try await driver.upload(at: key)
            } catch {
                guard error.code == .conflict else { throw error }
                await Task.yield()
            }
        }
    }

    @Test func worksBelowASymbolicLink() async throws {
        let link = "\(folder.path)/link"
        try files.createDirectory(atPath: "\(folder.path)/real", withIntermediateDirectories: true)
        try files.createSymbolicLink(atPath: link, withDestinationPath: "\(folder.path)/real")
        let linked = try FileSystemDriver(root: "\(link)//")
        try await linked.put([1], at: key("a/b"))
        #expect(try await linked.delete(key("a")))
        #expect(try names(below: "real") == ["~mirrord"])
    }

    @Test func makesItsRoot() async throws {
        let deep = try FileSystemDriver(root: "\(folder.path)/not/there/yet")
        try await deep.put([1], at: key("object"))
        #expect(try names(below: "not/there/yet") == ["object", "~mirrord"])
    }

    @Test func refusesARootThatIsAFile() throws {
        #expect(files.createFile(atPath: "\(folder.path)/file", contents: nil))
        for root in ["\(folder.path)/file", "\(folder.path)/file/below"] {
            let error = #expect(throws: StorageError.self) { _ = try FileSystemDriver(root: root) }
            #expect(error?.code == .conflict)
        }
    }

    @Test func knowsHowMuchRoomThereIs() async throws {
        let space = try #require(try await driver.space())
        #expect(space.total > 0)
        #expect((0...space.total).contains(space.available))
    }
}
