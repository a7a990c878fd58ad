internal import Synchronization

/// What one client reads of a blob that is being filled.
///
/// It is the fill itself, as long as the mirror's storage takes the bytes. When it does not any
/// more, this client goes on from upstream, behind the bytes that have arrived, and the digest
/// of both together is proved before it sees the end.
final class FillReader: ContentSource {
    private let fill: Fill
    private let repository: RepositoryName
    private let upstream: any UpstreamFetcher
    private let time: any TimeSource
    private let client = ClientCredential.current
    private let state: Mutex<State>

    private struct State {
        var progress: Fill.Progress
        var rest: PassThrough?
    }

    init(_ fill: Fill, in repository: RepositoryName, _ context: CacheContext) {
        self.fill = fill
        self.repository = repository
        upstream = context.upstream
        time = context.time
        state = Mutex(State(progress: Fill.Progress(epoch: fill.epoch)))
    }

    var size: Int64? { fill.size }

    func expect(_ range: Range<Int64>) {
        fill.expect(range, at: time.now)
    }

    func isReady(at offset: Int64) -> Bool {
        fill.isReadable(at: offset)
    }

    func piece(at offset: Int64, limit: Int64) async throws(MirrorError) -> ContentPiece? {
        do {
            let (piece, progress) = try await fill.piece(
                at: offset, limit: limit, after: state.withLock { $0.progress })
            state.withLock { $0.progress = progress }
            return piece
        } catch {
            guard error.isOfStorage else { throw error }
            return try await passThrough().piece(at: offset, limit: limit)
        }
    }

    func didFail(toSend range: Range<Int64>) async {
        await fill.read { $0.object }?.readThrough(range)
    }

    private func passThrough() -> PassThrough {
        state.withLock { state in
            if let rest = state.rest { return rest }
            let rest = PassThrough(
                fill.digest, in: repository, size: fill.size, after: fill.beginning,
                from: upstream, as: client)
            state.rest = rest
            return rest
        }
    }
}
