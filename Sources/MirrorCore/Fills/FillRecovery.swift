/// Goes on, behind the clients' backs, with blobs that earlier processes left unfinished, and with
/// those that upstream broke off; removes what nobody can bring to its end.
struct FillRecovery: Sendable {
    /// Blobs that are fetched so at the same time.
    private static let fillLimit = 2
    /// Names read at a time.
    private static let pageLimit = 256
    /// The pause before what is left is looked at again; each time that it is still left doubles
    /// it.
    private static let firstPause = Duration.seconds(60)
    private static let pauseLimit = Duration.seconds(4 * 3600)

    let context: CacheContext
    let fills: FillTable
    let runner: FillRunner
    let policy: LeftoverPolicy

    /// Works until the task is cancelled.
    func run() async {
        var pause = Self.firstPause
        while !Task.isCancelled {
            if await settleAll(), context.memory.isEmpty {
                await runner.leftovers.wait()
                pause = Self.firstPause
            }
            do { try await context.time.sleep(for: pause) } catch { return }
            pause = min(pause * 2, Self.pauseLimit)
            context.memory.sweep(at: context.time.now)
        }
    }

    /// Looks at all that is unfinished once.
    ///
    /// - Returns: whether nothing is left that may be gone on with later.
    private func settleAll() async -> Bool {
        var isSettled = true
        for algorithm in Digest.Algorithm.allCases {
            do throws(StorageError) {
                isSettled = try await settle(algorithm) && isSettled
            } catch {
                context.logger.warning(
                    "unfinished blobs cannot be looked for", LogField("error", "\(error)"))
                isSettled = false
            }
        }
        return isSettled
    }

    private func settle(_ algorithm: Digest.Algorithm) async throws(StorageError) -> Bool {
        var last: String?
        var isSettled = true
        while !Task.isCancelled {
            let (digests, end) = try await context.store.unfinished(
                algorithm, after: last, limit: Self.pageLimit)
            guard let end else { break }
            isSettled = await settle(digests) && isSettled
            last = end
        }
        return isSettled
    }

    /// Goes through these, a few at a time.
    private func settle(_ digests: [Digest]) async -> Bool {
        await withTaskGroup(of: Bool.self) { group in
            var isSettled = true
            for (index, digest) in digests.enumerated() {
                if index >= Self.fillLimit, await group.next() == false { isSettled = false }
                group.addTask { await settle(digest) }
            }
            for await outcome in group { isSettled = outcome && isSettled }
            return isSettled
        }
    }

    // MARK: One blob

    /// - Returns: whether nothing is left of it.
    private func settle(_ digest: Digest) async -> Bool {
        // Whoever is at work on it, here or elsewhere, is left alone.
        guard !Task.isCancelled, !fills.contains(digest),
            let upload = try? await context.store.fill(digest)
        else { return false }
        let trace = try? await context.store.trace(of: digest)
        let isStored = (try? await context.store.blob(digest)) != nil
        let leftover = Leftover(
            trace, byteCount: upload.size, isStored: isStored, by: policy,
            at: context.time.now)
        switch leftover {
        case .takeUp(let repository):
            guard context.upstream.outlook(for: repository) != .closed else {
                await upload.suspend()
                return false
            }
            return await runner.takeUp(CachedItem(.blob, digest, in: repository), with: upload)
        case .link(let repository):
            guard await runner.link(CachedItem(.blob, digest, in: repository)) else {
                await upload.abandon()
                return false
            }
        case .keep:
            tell("what is left of an unfinished blob would be removed", digest, upload.size)
            await upload.suspend()
            return true
        case .remove:
            tell("what was left of an unfinished blob is removed", digest, upload.size)
        }
        await context.store.removeTrace(of: digest)
        await upload.abandon()
        return true
    }

    private func tell(_ message: String, _ digest: Digest, _ byteCount: Int64) {
        if byteCount == 0 { return }
        context.logger.info(
            message, LogField("digest", digest.text), LogField("size", byteCount))
    }
}
