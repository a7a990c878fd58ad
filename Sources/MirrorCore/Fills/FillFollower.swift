/// Waits for a blob that another mirror over the same storage is filling, and shows its growing
/// file to readers here meanwhile. What they are shown is hashed here as well.
struct FillFollower: Sendable {
    /// How often the other's progress is looked at.
    private static let interval = Duration.milliseconds(100)

    /// How it ended.
    enum Outcome {
        /// The other has stored the blob.
        case stored
        /// The other has given it up; here it goes on, beside what has been shown.
        case takenOver(any StorageUpload, FillTransfer.Former?)
    }

    let site: FillSite
    /// Size of the blob in bytes, where upstream states it.
    let total: Int64?

    private var fill: Fill { site.fill }

    /// Follows until the blob is stored, or the other has given it up.
    func run() async throws(FillFailure) -> Outcome {
        var cursor = HashCursor(fill.digest.algorithm)
        var shown: (any StoredObject)?
        while true {
            do throws(StorageError) {
                if let object = try await site.sound.blob(fill.digest) {
                    try await cursor.catchUp(with: object, to: object.size)
                    let isShownRight = cursor.finish() == fill.digest
                    fill.update { state in
                        if !isShownRight {
                            state.beginAnew()
                            state.didDiverge(at: 0)
                        }
                        state.didKeep(object)
                    }
                    return .stored
                }
                if let upload = try await takeOver() {
                    let arrived = ByteRanges(0..<cursor.offset)
                    guard let shown else { return .takenOver(upload, nil) }
                    fill.update { $0.beginAnew() }
                    return .takenOver(
                        upload, FillTransfer.Former(object: shown, arrived: arrived))
                }
                if let object = try await other() {
                    let end = await site.store.arrived(in: object, of: fill.digest)
                        .end(from: 0)
                    try await cursor.catchUp(with: object, to: end)
                    show(object, to: cursor.offset)
                    shown = object
                }
            } catch {
                throw .storage(error)
            }
            do { try await site.time.sleep(for: Self.interval) } catch { throw .stopped }
        }
    }

    private func takeOver() async throws(StorageError) -> (any StorageUpload)? {
        do throws(StorageError) {
            return try await site.store.fill(fill.digest)
        } catch {
            if error.code == .conflict { return nil }
            throw error
        }
    }

    private func other() async throws(StorageError) -> (any StoredObject)? {
        try await site.store.driver.unfinished(at: RegistryLayout.fill(fill.digest))
    }

    private func show(_ object: any StoredObject, to end: Int64) {
        fill.update { state in
            state.plan = FillPlan(arrived: ByteRanges(0..<end), total: total)
            state.didOpen(object, total: total)
        }
    }
}
