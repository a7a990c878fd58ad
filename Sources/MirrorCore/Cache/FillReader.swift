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
    private let rest = Mutex<PassThrough?>(nil)

    init(_ fill: Fill, in repository: RepositoryName, upstream: any UpstreamFetcher) {
        self.fill = fill
        self.repository = repository
        self.upstream = upstream
    }

    var size: Int64? { fill.size }

    func piece(at offset: Int64, limit: Int64) async throws(MirrorError) -> ContentPiece? {
        do {
            return try await fill.piece(at: offset, limit: limit)
        } catch {
            guard error.isOfStorage else { throw error }
            return try await passThrough().piece(at: offset, limit: limit)
        }
    }

    private func passThrough() -> PassThrough {
        rest.withLock { rest in
            if let rest { return rest }
            let new = PassThrough(
                fill.digest, in: repository, size: fill.size, after: fill.arrived, from: upstream)
            rest = new
            return new
        }
    }
}
