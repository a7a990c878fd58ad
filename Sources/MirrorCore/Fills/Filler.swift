internal import MirrorSystem

/// Carries out one fill: from upstream, or what a killed process left, to the store.
///
/// It runs on threads that may block: bytes are hashed and written where they are, and only the
/// wait for more of them happens on an event loop.
struct Filler: Sendable {
    /// How often a fill may begin anew since upstream's bytes changed, or those that an earlier
    /// process left were wrong.
    private static let restartLimit = 2

    let site: FillSite
    /// Whether upstream has said that the repository has the blob.
    let isConfirmed: Bool

    var fill: Fill { site.fill }

    /// What became of a blob that all its readers get.
    enum Outcome {
        case stored
        /// The storage does not take it; here it is, unless it is too large to be kept.
        case notStored((any StoredObject)?)
    }

    /// Brings the fill to its end.
    ///
    /// - Parameter upload: what an earlier process left of it, opened already.
    /// - Throws: why the blob cannot be had, which its readers are still to be told.
    func run(into upload: (any StorageUpload)? = nil) async throws(MirrorError) -> Outcome {
        do throws(FillFailure) {
            return try await carryOut(into: upload)
        } catch {
            let error = error.error
            // A client that asks for what does not exist is nobody's fault.
            let level = error.code == .notFound ? LogLevel.info : .warning
            site.logger.log(
                level, "blob could not be fetched",
                [
                    LogField("digest", fill.digest.text),
                    LogField("repository", site.repository.text),
                    LogField("error", error.reason),
                ])
            throw error
        }
    }

    private func carryOut(
        into opened: (any StorageUpload)?
    ) async throws(FillFailure) -> Outcome {
        if let outcome = try await found() {
            await opened?.abandon()
            return outcome
        }
        var former: FillTransfer.Former?
        var restarts = 0
        var next = opened.map { SpillingUpload($0, at: site) }
        while true {
            if next == nil { next = try await open(&former) }
            guard let upload = next.take() else { return .stored }
            do throws(FillFailure) {
                return try await fetch(into: upload, former)
            } catch {
                guard case .changed(let reason) = error, restarts < Self.restartLimit else {
                    throw error
                }
                restarts += 1
                former = beginAnew(after: upload, since: reason)
            }
        }
    }

    /// What is there already: in memory, or in the store since another fill has just ended.
    private func found() async throws(FillFailure) -> Outcome? {
        let memory = site.memory.object(of: fill.digest, in: site.repository, at: site.time.now)
        if let memory {
            fill.update { $0.didKeep(memory) }
            return .notStored(memory)
        }
        guard let object = await held() else { return nil }
        if !isConfirmed { _ = try await info() }
        fill.update { $0.didKeep(object) }
        return .stored
    }

    private func beginAnew(
        after upload: SpillingUpload, since reason: String
    ) -> FillTransfer.Former {
        site.logger.warning(
            "a blob is fetched anew: what came before was something else",
            LogField("digest", fill.digest.text), LogField("error", reason))
        return fill.update { state in
            let former = FillTransfer.Former(object: upload, arrived: state.plan.arrived)
            state.beginAnew()
            return former
        }
    }

    /// The blob, where another fill has just ended; a store that fails has nothing.
    private func held() async -> (any StoredObject)? {
        do throws(StorageError) {
            // Whoever is removing it has done so when it is its turn here.
            await site.turns.run(fill.digest) {}
            return try await site.sound.blob(fill.digest)
        } catch {
            return nil
        }
    }

    private func info() async throws(FillFailure) -> BlobInfo {
        do throws(UpstreamError) {
            return try await fill.ask(urgentlyIf: { $0.isAwaited }) {
                [site] () async throws(UpstreamError) in
                try await site.upstream.info(of: site.fill.digest, in: site.repository)
            }
        } catch {
            throw .upstream(error)
        }
    }

    /// Where the blob arrives; nil when another process has brought it here meanwhile.
    private func open(
        _ former: inout FillTransfer.Former?
    ) async throws(FillFailure) -> SpillingUpload? {
        do throws(StorageError) {
            return SpillingUpload(try await site.store.fill(fill.digest), at: site)
        } catch {
            guard error.code == .conflict else { return try await openInMemory(error) }
        }
        switch try await FillFollower(site: site, total: info().size).run() {
        case .stored: return nil
        case .takenOver(let upload, let shown):
            former = shown ?? former
            return SpillingUpload(upload, at: site)
        }
    }

    /// Where the blob arrives when the storage takes nothing of it.
    private func openInMemory(_ error: StorageError) async throws(FillFailure) -> SpillingUpload {
        let upload = SpillingUpload(without: error, at: site)
        // A download is begun only for what there is room for.
        if let total = try await info().size, !upload.reserve(total) { throw .storage(error) }
        return upload
    }

    // MARK: From upstream

    private func fetch(
        into upload: SpillingUpload, _ former: FillTransfer.Former?
    ) async throws(FillFailure) -> Outcome {
        do throws(FillFailure) {
            let hadBytes = try await takeUp(upload)
            let outcome = await withDiscardingTaskGroup { group in
                fill.update { $0.fetchesRanges = true }
                group.addTask { await fetchWanted(into: upload, former) }
                group.addTask { await lookAfterWaiting() }
                let outcome = await fetchAll(into: upload, former)
                fill.update { $0.fetchesRanges = false }
                group.cancelAll()
                return outcome
            }
            return try await prove(upload, outcome.get(), hadBytes: hadBytes)
        } catch {
            await end(upload, after: error)
            throw error
        }
    }

    /// Learns what an earlier process left, and the size where it is needed before the first
    /// byte.
    ///
    /// - Returns: whether there is something from earlier.
    private func takeUp(_ upload: SpillingUpload) async throws(FillFailure) -> Bool {
        let arrived = await site.store.arrived(in: upload, of: fill.digest)
        let hadBytes = upload.size > 0
        if hadBytes { site.tracer.didTakeUp() }
        guard arrived.count > 0 || fill.read({ !$0.wantsWhole }) else { return hadBytes }
        let total = try await info().size
        if let total, upload.size > total {
            throw .changed("more bytes were received than the \(total) that the blob has")
        }
        fill.update { state in
            state.plan = FillPlan(arrived: arrived, total: total)
            if total != nil { state.didOpen(upload, total: total) }
        }
        return hadBytes
    }

    /// Goes through the blob from its beginning until all of it is there and hashed.
    private func fetchAll(
        into upload: SpillingUpload, _ former: FillTransfer.Former?
    ) async -> Result<Digest, FillFailure> {
        var cursor = HashCursor(fill.digest.algorithm)
        do throws(FillFailure) {
            while true {
                do throws(StorageError) {
                    try await catchUp(&cursor, with: upload)
                } catch {
                    throw .storage(error)
                }
                if fill.read({ $0.plan.isWhole }) { return .success(cursor.finish()) }
                if Task.isCancelled { throw .stopped }
                let next = fill.update { $0.plan.beginNext(isWanted: $0.wantsWhole) }
                if let transfer = next {
                    try await fetch(transfer, into: upload, former, hashing: &cursor)
                } else {
                    await fill.wait { $0.plan.hasNext || $0.plan.isWhole }
                }
            }
        } catch {
            return .failure(error)
        }
    }

    private func catchUp(
        _ cursor: inout HashCursor, with upload: any StorageUpload
    ) async throws(StorageError) {
        try await cursor.catchUp(with: upload, to: fill.read { $0.plan.arrived.end(from: 0) })
    }

    private func fetch(
        _ transfer: FillPlan.Transfer, into upload: SpillingUpload,
        _ former: FillTransfer.Former?, hashing cursor: inout HashCursor
    ) async throws(FillFailure) {
        defer { fill.update { $0.plan.end(transfer) } }
        let fetching = FillTransfer(
            site: site, upload: upload, transfer: transfer, former: former)
        do throws(FillFailure) {
            try await fetching.run { block, offset in
                // Behind what came by other transfers; what cannot be read is told later.
                if cursor.offset < offset { try? await catchUp(&cursor, with: upload) }
                cursor.take(block, at: offset)
                await site.tracer.didReceive(Int64(block.count), into: upload)
            }
        } catch {
            await site.tracer.didEndTransfer(into: upload)
            throw error
        }
        await site.tracer.didEndTransfer(into: upload)
    }

    // MARK: To the store

    /// Compares the digest, shows readers the last bytes, and makes the blob durable.
    private func prove(
        _ upload: SpillingUpload, _ found: Digest, hadBytes: Bool
    ) async throws(FillFailure) -> Outcome {
        guard found == fill.digest, upload.size == fill.size else {
            let reason = "upstream sent \(upload.size) bytes whose digest is \(found)"
            // What an earlier process left may be what is wrong.
            if hadBytes { throw .changed(reason) }
            throw .upstream(UpstreamError(.invalid, reason))
        }
        fill.update { $0.didProve() }
        do {
            try await site.turns.run(fill.digest) { () async throws(StorageError) in
                try await site.store.commit(upload, as: fill.digest)
                site.sound.didStore(fill.digest, size: upload.size)
            }
            if let object = try await site.sound.blob(fill.digest) {
                fill.update { $0.didKeep(object) }
            }
            return .stored
        } catch {
            // Every reader has the whole blob all the same.
            site.logger.error(
                "blob could not be stored; it will be fetched again when it is asked for",
                LogField("digest", fill.digest.text), LogField("error", "\(error)"))
            let isInMemory = await upload.moveIntoMemory()
            await site.tracer.remove()
            return .notStored(isInMemory ? upload : nil)
        }
    }

    /// What may be right is left to be taken up later; what cannot be is removed.
    private func end(_ upload: SpillingUpload, after failure: FillFailure) async {
        let error = failure.error
        if error.code == .invalid || error.code == .notFound || error.isOfStorage
            || upload.isSpilled || upload.size == 0
        {
            await upload.abandon()
            await site.tracer.remove()
        } else {
            await upload.suspend()
        }
    }
}
