extension UpstreamFetcher {
    /// Size and type of a blob, as ``blobInfo(_:in:)`` says. Nothing of it is shown before it is
    /// proved but its size; so one that is said to be empty, and is not by its digest, counts as
    /// one that upstream cannot tell of.
    func info(
        of digest: Digest, in repository: RepositoryName
    ) async throws(UpstreamError) -> BlobInfo {
        let info = try await blobInfo(digest, in: repository)
        if info.size == 0, !digest.isOfNothing {
            throw UpstreamError(.unavailable, "upstream says that \(digest) is empty")
        }
        return info
    }
}
