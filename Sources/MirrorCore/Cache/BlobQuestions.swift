/// Asks upstream what it has of a blob, once for all who ask at the same time.
final class BlobQuestions: Sendable {
    private let upstream: any UpstreamFetcher
    private let questions = SingleFlight<CachedItem, BlobInfo, UpstreamError>()

    init(_ upstream: any UpstreamFetcher) {
        self.upstream = upstream
    }

    /// What it says, and whether it was being asked already.
    func info(
        of item: CachedItem
    ) async throws(UpstreamError) -> (value: BlobInfo, isShared: Bool) {
        let upstream = upstream
        return try await questions.value(for: item) { () async throws(UpstreamError) in
            try await upstream.info(of: item.digest, in: item.repository)
        }
    }
}
