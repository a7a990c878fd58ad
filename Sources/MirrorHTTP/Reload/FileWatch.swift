internal import MirrorCore
internal import MirrorSystem

/// When files are looked at, and whether they have changed since they were read. It does not wait
/// and reads no clock: whoever has it looks when there is an occasion, such as a client.
struct FileWatch: Sendable {
    /// Files are looked at no more often.
    static let pause = Duration.seconds(1)

    private let paths: [String]
    private var versions: [FileStatus.Version?] = []
    private var lookedAt = WallTime.distantPast
    private var isLooking = false

    init(_ paths: [String]) {
        self.paths = paths
    }

    /// Whether it is time to look. Who is told so looks, and tells what was found.
    mutating func beginLook(at now: WallTime) -> Bool {
        // A clock that was set back must not put an end to it.
        guard !isLooking, now - lookedAt >= Self.pause || now < lookedAt else { return false }
        isLooking = true
        return true
    }

    /// Notes what was found; whether it differs from what was found before.
    mutating func endLook(at now: WallTime, found: [FileStatus.Version?]) -> Bool {
        isLooking = false
        lookedAt = now
        defer { versions = found }
        return versions != found
    }

    /// What the files are like; nil for one that cannot be looked at. Blocks.
    func look() -> [FileStatus.Version?] {
        paths.map { path in
            guard let status = try? FileStatus(at: path) else { return nil }
            return status.version
        }
    }
}
