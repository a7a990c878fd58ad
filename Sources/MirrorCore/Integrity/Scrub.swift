/// Reads everything that is held, again and again, to find what the disk has lost or changed
/// before somebody asks for it.
///
/// It goes page by page in the order of the digests, at a bounded rate, stands back while clients
/// are served or blobs arrive, and remembers how far it has come.
struct Scrub: Sendable {
    private static let pageLimit = 256
    /// How often the position is written down; after a crash so much is checked again.
    private static let saveInterval = Duration.seconds(60)
    /// When it is tried again after another mirror was found scrubbing, or the storage failed.
    private static let retryInterval = Duration.seconds(600)
    /// The longest that a block waits while others need the storage.
    private static let standBackLimit = Duration.seconds(1)
    private static let lookInterval = Duration.milliseconds(100)

    let settings: ScrubSettings
    let store: ContentStore
    let sound: SoundStore
    let damage: DamageControl
    let fills: FillTable
    let reads: ReadActivity
    let counters: IntegrityCounters
    let time: any TimeSource
    let logger: Logger

    private enum Failure: Error {
        case cancelled
        case storage(StorageError)
    }

    /// Goes on until the task is cancelled.
    func run() async {
        if settings.isOff { return }
        while true {
            await damage.trim()
            let next = await round()
            do { try await time.sleep(until: next) } catch { return }
        }
    }

    /// Does what is due.
    ///
    /// - Returns: when to look again.
    private func round() async -> WallTime {
        guard let turn = await ScrubTurn.take(store.driver) else {
            return time.now + Self.retryInterval
        }
        let next: WallTime
        // Another mirror may have come far since this one last had the turn.
        let position = await savedPosition() ?? ScrubPosition(start: time.now)
        switch position.step(at: time.now, every: settings.interval) {
        case .wait(let end): next = end
        case .goOn: next = await pass(from: position)
        case .beginAnew: next = await pass(from: ScrubPosition(start: time.now))
        }
        await turn.end()
        return next
    }

    // MARK: A pass

    private func pass(from start: ScrubPosition) async -> WallTime {
        var position = start
        var tally = ScrubTally()
        do throws(Failure) {
            try await checkAll(from: &position, &tally)
            position.isDone = true
            counters.update { $0.passCount += 1 }
            tally.report(to: logger, after: time.now - position.start)
        } catch {
            if case .storage(let error) = error {
                logger.warning(
                    "what is held cannot be listed to be checked", LogField("error", "\(error)"))
            }
        }
        await save(position)
        return position.isDone
            ? max(time.now, position.start + settings.interval) : time.now + Self.retryInterval
    }

    private func checkAll(
        from position: inout ScrubPosition, _ tally: inout ScrubTally
    ) async throws(Failure) {
        var pace = ScrubPace(rate: settings.rate, at: time.now)
        var lastSave = time.now
        while true {
            let page = try await page(after: position.last)
            if page.isEmpty { return }
            for digest in page {
                try await rest(&pace)
                try await check(digest, &pace, &tally)
                position.last = digest
                guard time.now - lastSave >= Self.saveInterval else { continue }
                await save(position)
                lastSave = time.now
            }
        }
    }

    private func page(after last: Digest?) async throws(Failure) -> [Digest] {
        do throws(StorageError) {
            return try await store.heldDigests(after: last, limit: Self.pageLimit)
        } catch {
            throw .storage(error)
        }
    }

    // MARK: One digest

    private func check(
        _ digest: Digest, _ pace: inout ScrubPace, _ tally: inout ScrubTally
    ) async throws(Failure) {
        // What is being filled is proved when it is there.
        if fills.contains(digest) { return }
        var size: Int64 = 0
        defer { pace.didFinish(size, at: time.now) }
        do throws(Failure) {
            guard let object = try await open(digest) else { return }
            size = object.size
            let found = try await hash(object, &pace)
            if found != digest {
                if await damage.setAside(object, .digest(found)) { tally.didFindDamage() }
            } else {
                sound.didProve(object)
                tally.didFindSound(size: object.size)
                counters.update { counts in
                    counts.soundCount += 1
                    counts.soundByteCount += object.size
                }
            }
        } catch {
            guard case .storage(let error) = error else { throw error }
            // What is damaged has been set aside by whoever read it.
            if error.code == .damaged { return tally.didFindDamage() }
            tally.didSkip(error)
            counters.update { $0.skippedCount += 1 }
        }
    }

    private func open(_ digest: Digest) async throws(Failure) -> WatchedObject? {
        do { return try await sound.open(digest) } catch { throw .storage(error) }
    }

    private func hash(
        _ object: WatchedObject, _ pace: inout ScrubPace
    ) async throws(Failure) -> Digest {
        var cursor = HashCursor(object.digest.algorithm)
        while cursor.offset < object.size {
            if cursor.offset > 0 { try await rest(&pace) }
            let block: [UInt8]
            do {
                block = try await object.readOnce(
                    at: cursor.offset, limit: ScrubPace.blockByteCount)
            } catch {
                throw .storage(error)
            }
            if block.isEmpty { break }
            cursor.take(block, at: cursor.offset)
            pace.didRead(block.count, at: time.now)
        }
        return cursor.finish()
    }

    // MARK: Standing back

    /// Waits until more may be read.
    private func rest(_ pace: inout ScrubPace) async throws(Failure) {
        do throws(CancellationError) {
            if pace.isLookDue() {
                let end = time.now + Self.standBackLimit
                while isStorageNeeded, time.now < end {
                    try await time.sleep(for: Self.lookInterval)
                }
            }
            let delay = pace.delay(at: time.now)
            if delay > .zero { try await time.sleep(for: delay) }
        } catch {
            throw .cancelled
        }
        if Task.isCancelled { throw .cancelled }
    }

    /// Whether clients are being served from the storage, or blobs are arriving.
    private var isStorageNeeded: Bool { reads.take() || !fills.isEmpty }

    // MARK: The position

    private func savedPosition() async -> ScrubPosition? {
        guard let object = try? await store.driver.open(RegistryLayout.scrub),
            object.size < 256, let bytes = try? await object.readAll()
        else { return nil }
        return ScrubPosition(text: String(decoding: bytes, as: UTF8.self))
    }

    /// Without it the next process begins anew, which does no harm.
    private func save(_ position: ScrubPosition) async {
        try? await store.driver.put(Array(position.text.utf8), at: RegistryLayout.scrub)
    }
}
