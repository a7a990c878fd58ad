/// When the reference registry would have let go of what it fetched, as its
/// `scheduler-state.json` says: taken over once, so that what it fetched ages as it did there.
///
/// The file is moved aside then. Left in its place, it would have the reference, should it ever
/// come back, let go at its start of all that was due by it, however much that was used since.
struct ReferenceSchedule: Sendable {
    private static let blockByteCount = 256 << 10

    private let driver: any StorageDriver
    private let timeToLive: Duration
    private let logger: Logger

    /// What stands in the file.
    enum Finding: Hashable, Sendable {
        /// There is none, or none that can be read.
        case nothing
        /// It was read to its end.
        case sound
        case damaged
    }

    /// - Parameter timeToLive: how long after a use the reference lets go.
    init(_ driver: any StorageDriver, timeToLive: Duration, logger: Logger) {
        self.driver = driver
        self.timeToLive = timeToLive
        self.logger = logger
    }

    /// When the reference last fetched what it has an entry of, as far as the entry says.
    ///
    /// - Parameter isWanted: whether it is to be told of an item.
    func read(
        _ isWanted: (CachedItem) -> Bool
    ) async -> (lastUses: [CachedItem: WallTime], finding: Finding) {
        var lastUses: [CachedItem: WallTime] = [:]
        do {
            guard let object = try await driver.open(RegistryLayout.schedule) else {
                return ([:], .nothing)
            }
            var parser = ScheduleParser()
            var offset: Int64 = 0
            while offset < object.size {
                let block = try await object.read(at: offset, limit: Self.blockByteCount)
                if block.isEmpty { break }
                offset += Int64(block.count)
                try parser.take(block) { entry in
                    if isWanted(entry.item) {
                        lastUses[entry.item] = entry.expiry - timeToLive
                    }
                }
            }
            try parser.finish()
            return (lastUses, .sound)
        } catch is ScheduleParser.Damage {
            return (lastUses, .damaged)
        } catch {
            warn("cannot be read", error)
            return (lastUses, .nothing)
        }
    }

    /// Moves the file to where the reference does not look for it.
    func setAside(_ finding: Finding) async {
        do throws(StorageError) {
            switch finding {
            case .nothing: return
            case .sound:
                try await driver.move(RegistryLayout.schedule, to: RegistryLayout.takenSchedule)
                logger.info(
                    "the reference registry's scheduler-state.json was taken over, and moved to "
                        + RegistryLayout.takenSchedule.path)
            case .damaged:
                try await driver.move(RegistryLayout.schedule, to: RegistryLayout.damagedSchedule)
                logger.warning(
                    "the reference registry's scheduler-state.json is damaged, and was moved to "
                        + "\(RegistryLayout.damagedSchedule); what it does not tell of counts as "
                        + "used when it was found")
            }
        } catch {
            warn("cannot be moved", error)
        }
    }

    private func warn(_ what: String, _ error: any Error) {
        logger.warning(
            "the reference registry's scheduler-state.json \(what)", LogField("error", "\(error)"))
    }
}
