internal import Synchronization

/// One blob on its way from upstream into the store, and what everybody who wants it reads
/// meanwhile. It belongs to the cache: readers come and go, and none of them paces it.
final class Fill: ContentSource {
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

    var size: Int64? { state.withLock { $0.total } }

    /// Whether nobody will get the blob from it.
    var hasFailed: Bool {
        if case .failed = state.withLock({ $0.phase }) { return true }
        return false
    }

    /// Waits until it is known whether there will be bytes, and how many.
    func opened() async throws(MirrorError) {
        await wait(for: -1)
        if case .failed(let error) = state.withLock({ $0.phase }) { throw error }
    }

    func piece(at offset: Int64, limit: Int64) async throws(MirrorError) -> ContentPiece? {
        await wait(for: offset)
        let (phase, object, readable) = state.withLock { ($0.phase, $0.object, $0.readable) }
        if case .failed(let error) = phase { throw error }
        return try await object?.piece(at: offset, upTo: readable, limit: limit)
    }

    private func wait(for offset: Int64) async {
        if !state.withLock({ $0.mustWait(for: offset) }) { return }
        await withCheckedContinuation { continuation in
            let goesOn = state.withLock { state in
                if !state.mustWait(for: offset) { return true }
                state.wait(for: offset, continuation)
                return false
            }
            if goesOn { continuation.resume() }
        }
    }

    // MARK: For the filler

    /// Changes the state and wakes whom that concerns.
    func update(_ change: (inout FillState) -> Void) {
        let ready = state.withLock { state in
            change(&state)
            return state.takeReady()
        }
        for continuation in ready { continuation.resume() }
    }

    /// The bytes that are there, also when the fill has failed since.
    var arrived: (object: any StoredObject, count: Int64)? {
        state.withLock { state in state.object.map { ($0, state.received) } }
    }

    /// How many bytes are there.
    var received: Int64 { state.withLock { $0.received } }
}
