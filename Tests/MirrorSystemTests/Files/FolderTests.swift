import MirrorSystem
import Testing

@Suite struct FolderTests {
    private let folder: TestFolder

    init() throws {
        folder = try TestFolder()
    }

    @Test func makesTheFoldersThatAreMissing() throws {
        var parents: [String] = []
        try FolderTree.make(folder.path("a/b/c")) { parent in parents.append(parent) }
        #expect(parents == [folder.path, folder.path("a"), folder.path("a/b")])
        try FolderTree.make(folder.path("a/b/c")) { parent in parents.append(parent) }
        #expect(parents.count == 3)
        #expect(try FileStatus(at: folder.path("a/b/c"))?.kind == .folder)
    }

    @Test func makesNoFolderBelowOrOverAFile() throws {
        try folder.write([1], to: "file")
        for path in ["file", "file/below", "file/far/below"] {
            let error = #expect(throws: SystemError.self) {
                try FolderTree.make(folder.path(path))
            }
            #expect(error?.isConflict == true)
        }
    }

    @Test func removesATree() throws {
        try FolderTree.make(folder.path("tree/a/b"))
        try folder.write([1], to: "tree/a/b/one")
        try folder.write([1], to: "tree/two")
        try folder.write([1], to: "beside")
        try FolderTree.remove(folder.path("tree"))
        #expect(try folder.names() == ["beside"])
        try FolderTree.remove(folder.path("beside"))
        try FolderTree.remove(folder.path("absent"))
        #expect(try folder.names() == [])
    }

    @Test func readsEveryNameOnceWithItsKind() throws {
        try FolderTree.make(folder.path("folder"))
        for number in 0..<500 { try folder.write([], to: "file\(number)") }
        var reader = try FolderReader(folder.path)
        var kinds: [String: FileStatus.Kind?] = [:]
        while let entry = try reader.next() {
            #expect(kinds.updateValue(entry.kind, forKey: entry.name) == nil)
        }
        #expect(kinds.count == 501)
        #expect(kinds["folder"] == .folder)
        #expect(kinds["file499"] == .file)
    }

    @Test func removesAFolderOnlyWhenItIsEmpty() throws {
        try FolderTree.make(folder.path("a/b"))
        #expect(try !FileNames.removeEmptyFolder(folder.path("a")))
        #expect(try FileNames.removeEmptyFolder(folder.path("a/b")))
        #expect(try !FileNames.removeEmptyFolder(folder.path("a/b")))
        #expect(try FileNames.removeEmptyFolder(folder.path("a")))
    }

    @Test func knowsAFileByWhateverName() throws {
        try folder.write([1], to: "before")
        try folder.write([1], to: "other")
        let before = try #require(try FileStatus(at: folder.path("before")))
        try FileNames.rename(folder.path("before"), to: folder.path("after"))
        #expect(try FileStatus(at: folder.path("after"))?.identity == before.identity)
        #expect(try FileStatus(at: folder.path("other"))?.identity != before.identity)
        #expect(try FileStatus(at: folder.path("before")) == nil)
        #expect(before.size == 1)
        #expect(before.kind == .file)
    }

    @Test(arguments: [("/a/b", "/a"), ("/a", "/"), ("a", ""), ("a/b", "a"), ("/a/b/", "/a/b")])
    func findsTheParentOfAPath(_ path: String, _ parent: String) {
        #expect(FolderTree.parent(of: path) == parent)
    }

    @Test func knowsTheRoomOfAVolume() throws {
        let space = try VolumeSpace(at: folder.path)
        #expect(space.total > 0)
        #expect((0...space.total).contains(space.available))
        #expect(throws: SystemError.self) { try VolumeSpace(at: folder.path("absent")) }
    }
}
