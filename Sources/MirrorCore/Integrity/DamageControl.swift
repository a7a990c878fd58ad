/// Takes damaged content out of service: it is set aside, so that the next request for it has it
/// fetched again. What says which repositories have it stays.
///
/// Whatever puts bytes in a digest's place, or takes them away, does it in the digest's turn, so
/// between the look at what lies there and the move nothing else can take its place. Readers take
/// no turn. Those who opened it before the move are told by the record, to which it is added
/// after: each of them either opens what lies there after the move, or finds itself recorded.
final class DamageControl: Sendable {
    let record = DamageRecord()
    private let driver: any StorageDriver
    private let quarantine: Quarantine
    private let turns: DigestTurns
    private let counters: IntegrityCounters
    private let time: any TimeSource
    private let logger: Logger
    private let atHand: ContentAtHand

    /// What is at hand of a digest.
    struct ContentAtHand: Sendable {
        /// Closes it.
        let close: @Sendable (Digest) -> Void
        /// Bytes in memory, which were proved and are as good as ever.
        let bytes: @Sendable (Digest) -> [UInt8]?
    }

    init(
        _ driver: any StorageDriver, turns: DigestTurns, counters: IntegrityCounters,
        time: any TimeSource, logger: Logger, atHand: ContentAtHand
    ) {
        self.driver = driver
        quarantine = Quarantine(driver)
        self.turns = turns
        self.counters = counters
        self.time = time
        self.logger = logger
        self.atHand = atHand
    }

    /// Content was found damaged. If it still lies in its place, it is set aside.
    ///
    /// - Returns: whether that was news.
    @discardableResult
    func setAside(
        _ object: WatchedObject, _ damage: Damage, for repository: RepositoryName? = nil
    ) async -> Bool {
        let digest = object.digest
        return await turns.run(digest) {
            guard !record.isInPlace(digest), await isHeld(object) else { return false }
            let failure = await take(digest)
            record.add(digest, isInPlace: failure != nil)
            atHand.close(digest)
            report(digest, damage, repository, failure)
            if failure == nil { await heal(digest) }
            return true
        }
    }

    /// Sound bytes were put in a digest's place, in its turn.
    func didReplace(_ digest: Digest) {
        record.didReplace(digest)
    }

    /// Lets go of what was set aside long ago.
    func trim() async {
        try? await quarantine.trim(at: time.now)
    }

    /// Whether the key leads to this very object. Where neither driver nor storage can say, it is
    /// taken for granted: at worst, something sound is fetched again.
    private func isHeld(_ object: WatchedObject) async -> Bool {
        do throws(StorageError) {
            guard let held = try await driver.open(RegistryLayout.data(object.digest)) else {
                return false
            }
            guard let version = object.version, let other = held.version else { return true }
            return version == other
        } catch {
            return true
        }
    }

    private func take(_ digest: Digest) async -> StorageError? {
        do throws(StorageError) {
            try await quarantine.take(digest, at: time.now)
            return nil
        } catch {
            return error
        }
    }

    private func report(
        _ digest: Digest, _ damage: Damage, _ repository: RepositoryName?, _ failure: StorageError?
    ) {
        counters.update { counts in
            counts.damagedCount += 1
            if failure != nil { counts.inPlaceCount += 1 }
        }
        var fields = [LogField("digest", digest.text)] + damage.fields
        if let repository { fields.append(LogField("repository", repository.text)) }
        guard let failure else {
            return logger.log(
                .error, "damaged content was set aside; it is fetched again when it is asked for",
                fields)
        }
        logger.log(
            .error, "damaged content cannot be set aside; it is not served any more",
            fields + [LogField("failure", "\(failure)")])
    }

    /// Puts back what is known to be right.
    private func heal(_ digest: Digest) async {
        guard let bytes = atHand.bytes(digest) else { return }
        do throws(StorageError) {
            try await driver.put(bytes, at: RegistryLayout.data(digest))
            counters.update { $0.healedCount += 1 }
        } catch {
            logger.warning(
                "what was in memory cannot be stored in the place of what was damaged",
                LogField("digest", digest.text), LogField("error", "\(error)"))
        }
    }
}
