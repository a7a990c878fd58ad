public import MirrorCore

extension ScriptedFetcher {
    /// Sets what a repository answers for the referrers of a digest.
    public func add(
        referrers index: FetchedManifest, of digest: Digest, to repository: RepositoryName
    ) {
        state.withLock { $0.repositories[repository, default: .init()].referrers[digest] = index }
    }

    /// What was added as referrers; not found otherwise.
    public func referrers(
        to digest: Digest, in repository: RepositoryName, from position: ListPosition
    ) async throws(UpstreamError) -> ReferrerPage {
        try await enter(.referrers)
        return try state.withLock { state throws(UpstreamError) in
            guard let index = state.repositories[repository]?.referrers[digest] else {
                throw UpstreamError(.notFound, "no referrers of \(digest)")
            }
            return ReferrerPage(index: index)
        }
    }
}
