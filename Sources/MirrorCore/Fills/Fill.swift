internal import Synchronization

/// One blob on its way from upstream into the store, and what everybody who wants it reads
/// meanwhile. It belongs to the cache: readers come and go, and none of them paces it.
final class Fill: Sendable {
    let digest: Digest
    /// The repository that upstream is asked for it in.
    let origin: RepositoryName
    private let state = Mutex(FillState())
    private let repositories: Mutex<Set<RepositoryName>>

    init(_ digest: Digest, for repository: RepositoryName) {
        self.digest = digest
        origin = repository
        repositories = Mutex([repository])
    }

    /// Another repository, whose upstream has confirmed that it has the blob, wants it too.
    func add(_ repository: RepositoryName) {
        repositories.withLock { _ = $0.insert(repository) }
    }

    /// The repositories that the blob is for.
    var wantedBy: Set<RepositoryName> { repositories.withLock { $0 } }

    // MARK: For readers

    /// Size of the blob in bytes, once it is known.
    var size: Int64? { state.withLock { $0.total } }

    /// Whether nobody will get the blob from it.
    var hasFailed: Bool {
        if case .failed = state.withLock({ $0.phase }) { return true }
        return false
    }

    /// Whether every byte is there, and right.
    var isProved: Bool {
        switch state.withLock({ $0.phase }) {
        case .proved, .kept: true
        case .opening, .filling, .failed: false
        }
    }

    /// Says how much of the blob is wanted.
    func want(_ demand: FillDemand) {
        if state.withLock({ $0.demand < demand }) { update { $0.demand = demand } }
    }

    /// Somebody is going to read these bytes, which are fetched for them where they lie far off.
    func expect(_ range: Range<Int64>, at now: WallTime) {
        update { $0.expect(range, at: now) }
    }

    /// Waits until it is known whether there will be bytes, and how many.
    func opened() async throws(MirrorError) {
        await wait { $0.isOpen }
        if case .failed(let error) = state.withLock({ $0.phase }) { throw error }
    }

    /// Whether there are bytes at `offset`, or nothing to wait for.
    func isReadable(at offset: Int64) -> Bool {
        state.withLock { $0.isReadable(at: offset) }
    }

    /// How far a reader has come.
    struct Progress: Sendable {
        /// How often the fill had begun anew when this was last found right.
        var epoch: Int
        /// The end of what the reader has been shown.
        var shown: Int64 = 0
    }

    /// The bytes from `offset` on, for a reader that has come so far, and how far it is then.
    func piece(
        at offset: Int64, limit: Int64, after progress: Progress
    ) async throws(MirrorError) -> (piece: ContentPiece?, progress: Progress) {
        await wait { $0.isReadable(at: offset) }
        let (phase, object, readable, epoch, divergence) = state.withLock { state in
            (
                state.phase, state.object, state.readable(from: offset), state.epoch,
                state.divergence
            )
        }
        if case .failed(let error) = phase { throw error }
        if epoch > progress.epoch, let divergence, divergence < progress.shown {
            throw MirrorError(.invalid, "upstream's bytes changed on the way")
        }
        let piece = try await object?.piece(at: offset, upTo: readable, limit: limit)
        let end = offset + (piece?.count ?? 0)
        return (piece, Progress(epoch: epoch, shown: max(progress.shown, end)))
    }

    /// How often it has begun anew.
    var epoch: Int { state.withLock { $0.epoch } }

    // MARK: For the filler

    /// Looks at the state.
    func read<Result>(_ body: (borrowing FillState) -> sending Result) -> sending Result {
        state.withLock { body($0) }
    }

    /// Changes the state and wakes whom that concerns.
    @discardableResult
    func update<Result>(_ change: (inout FillState) -> sending Result) -> sending Result {
        let (result, ready) = state.withLock { state in
            let result = change(&state)
            return (result, state.takeReady())
        }
        for continuation in ready { continuation.resume() }
        return result
    }

    /// Waits until something is true of the state.
    func wait(
        until isReady: @escaping @Sendable (borrowing FillState) -> Bool
    ) async {
        if state.withLock({ isReady($0) }) { return }
        await withCheckedContinuation { continuation in
            let goesOn = state.withLock { state in
                if isReady(state) { return true }
                state.wait(continuation, until: isReady)
                return false
            }
            if goesOn { continuation.resume() }
        }
    }

    /// Waits until something is true of the state, or the task is cancelled.
    func waitUnlessCancelled(
        until isReady: @escaping @Sendable (borrowing FillState) -> Bool
    ) async {
        let id = UInt64.random(in: .min ... .max)
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let goesOn = state.withLock { state in
                    // Whoever cancels takes the lock after this, or has set the flag before.
                    if isReady(state) || Task.isCancelled { return true }
                    state.wait(continuation, as: id, until: isReady)
                    return false
                }
                if goesOn { continuation.resume() }
            }
        } onCancel: {
            state.withLock { $0.take(id) }?.resume()
        }
    }

    /// The first bytes, as many as are there without a gap, also when the fill has failed since.
    var beginning: (object: any StoredObject, count: Int64)? {
        state.withLock { state in
            state.object.map { ($0, state.plan.arrived.end(from: 0)) }
        }
    }
}
