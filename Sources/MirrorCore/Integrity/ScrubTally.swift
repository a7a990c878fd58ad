/// What one pass of the scrub has found.
struct ScrubTally {
    private(set) var soundCount = 0
    private(set) var byteCount: Int64 = 0
    private(set) var damagedCount = 0
    private(set) var skippedCount = 0
    private var firstError: StorageError?

    mutating func didFindSound(size: Int64) {
        soundCount += 1
        byteCount += size
    }

    mutating func didFindDamage() {
        damagedCount += 1
    }

    /// Something could not be read, which says nothing of it.
    mutating func didSkip(_ error: StorageError) {
        skippedCount += 1
        firstError = firstError ?? error
    }

    /// Says in the log how a pass went that has come to its end.
    func report(to logger: Logger, after duration: Duration) {
        let fields = [
            LogField("sound", soundCount), LogField("bytes", byteCount),
            LogField("damaged", damagedCount), LogField("skipped", skippedCount),
            LogField("duration", duration),
        ]
        guard let firstError else {
            return logger.log(.info, "all that is held was checked", fields)
        }
        logger.log(
            .warning, "not all that is held could be checked",
            fields + [LogField("error", "\(firstError)")])
    }
}
