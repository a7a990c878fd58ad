/// Damaged content that was set aside, for an operator to look at: never served, never listed,
/// and not much of it. The oldest goes first.
struct Quarantine: Sendable {
    private static let countLimit = 16
    private static let byteLimit: Int64 = 1 << 30
    private static let ageLimit = Duration.seconds(30 * 24 * 3600)

    private let driver: any StorageDriver

    init(_ driver: any StorageDriver) {
        self.driver = driver
    }

    /// One object that was set aside. Its name begins with the time, so that the order of names
    /// is that of age.
    private struct Entry {
        private static let digitCount = 12

        let name: String
        let time: WallTime
        let digest: Digest

        init(_ digest: Digest, at time: WallTime) {
            let digits = String(max(0, time.nanosecondsSinceEpoch / 1_000_000_000))
            let zeros = String(repeating: "0", count: max(0, Self.digitCount - digits.count))
            name = "\(zeros)\(digits)-\(digest.algorithm.rawValue)-\(digest.hex)"
            self.time = time
            self.digest = digest
        }

        init?(_ name: String) {
            let parts = name.split(separator: "-")
            guard parts.count == 3, let seconds = Int64(parts[0]),
                let digest = Digest("\(parts[1]):\(parts[2])")
            else { return nil }
            self.name = name
            time = .seconds(seconds)
            self.digest = digest
        }

        var key: StorageKey { RegistryLayout.damaged.child(name) }
    }

    /// Takes what lies in a digest's place, of which it keeps the latest only.
    ///
    /// - Throws: when it could not be taken away; it is where it was then.
    func take(_ digest: Digest, at now: WallTime) async throws(StorageError) {
        let entry = Entry(digest, at: now)
        let former = try await entries().filter { $0.digest == digest }
        do throws(StorageError) {
            try await driver.move(RegistryLayout.data(digest), to: entry.key)
        } catch {
            // Where there is no room for one more name, there is room for one less.
            guard error.code == .outOfSpace else { throw error }
            try await driver.delete(RegistryLayout.data(digest))
        }
        for old in former where old.name != entry.name { _ = try? await driver.delete(old.key) }
        // What cannot be let go of now is let go of later.
        try? await trim(at: now)
    }

    /// Lets go of what is too old or too much.
    func trim(at now: WallTime) async throws(StorageError) {
        var count = 0
        var byteCount: Int64 = 0
        for entry in try await entries().reversed() {
            count += 1
            byteCount += try await driver.stat(entry.key)?.size ?? 0
            if count > Self.countLimit || byteCount > Self.byteLimit
                || now - entry.time > Self.ageLimit
            {
                try await driver.delete(entry.key)
            }
        }
    }

    /// What there is, the oldest first.
    private func entries() async throws(StorageError) -> [Entry] {
        try await driver.list(RegistryLayout.damaged, after: nil, limit: .max)
            .compactMap { Entry($0.name) }
    }
}
