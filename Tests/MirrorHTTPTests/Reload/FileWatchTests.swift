import MirrorCore
import MirrorSystem
import MirrorTesting
import Testing

@testable import MirrorHTTP

@Suite struct FileWatchTests {
    private let start = WallTime.seconds(1000)

    /// A watch to which something may be done in the middle of an expectation.
    private final class Watcher {
        private var watch: FileWatch

        init(_ paths: [String] = []) { watch = FileWatch(paths) }

        func begins(at now: WallTime) -> Bool { watch.beginLook(at: now) }
        func hasChanged(at now: WallTime) -> Bool { watch.endLook(at: now, found: watch.look()) }
    }

    @Test func oneLooksAtATimeAndOnceASecondAtMost() {
        let watcher = Watcher()
        #expect(watcher.begins(at: start))
        #expect(!watcher.begins(at: start + .seconds(60)), "somebody is looking")
        _ = watcher.hasChanged(at: start + .seconds(60))
        #expect(!watcher.begins(at: start + .milliseconds(60_999)))
        #expect(watcher.begins(at: start + .seconds(61)))
    }

    @Test func aClockThatIsSetBackIsAnOccasion() {
        let watcher = Watcher()
        _ = watcher.hasChanged(at: start)
        #expect(watcher.begins(at: start - .milliseconds(1)))
    }

    @Test func whateverHappensToAFileIsAChange() throws {
        let folder = try TemporaryFolder()
        let path = "\(folder.path)/file"
        let watcher = Watcher([path])
        func hasChanged() -> Bool { watcher.hasChanged(at: start) }

        _ = hasChanged()
        #expect(!hasChanged())
        try TestFile.put([1, 2], at: path)
        #expect(hasChanged(), "it is there")
        #expect(!hasChanged())
        try TestFile.put([1, 2], at: path)
        #expect(hasChanged(), "it is another file")
        try SharedFile.open(path, for: .updating).write([3], at: 2)
        #expect(hasChanged(), "it is longer")
        try FileNames.unlink(path)
        #expect(hasChanged(), "it is gone")
        #expect(!hasChanged())
    }
}
