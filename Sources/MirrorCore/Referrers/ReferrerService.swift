/// What refers to a manifest, such as its signatures: asked of upstream each time, once for all
/// who ask at the same time.
final class ReferrerService: Sendable {
    private let context: CacheContext
    private let freshness: any FreshnessChecker
    private let questions = SingleFlight<Question, FetchedManifest, UpstreamError>()
    private let absences = Absences<Question>()

    private struct Question: Hashable {
        var digest: Digest
        var repository: RepositoryName
        var artifactType: String?
    }

    init(_ context: CacheContext, freshness: any FreshnessChecker) {
        self.context = context
        self.freshness = freshness
    }

    func referrers(
        to digest: Digest, in repository: RepositoryName, artifactType: String?
    ) async throws(MirrorError) -> Answer<FetchedManifest> {
        let question = Question(
            digest: digest, repository: repository, artifactType: artifactType)
        let (age, time) = (freshness.notFoundMaxAge(in: repository), context.time)
        do throws(UpstreamError) {
            let (index, isShared) = try await absences.check(question, for: age, by: time) {
                () async throws(UpstreamError) in
                try await questions.value(for: question) {
                    [context] () async throws(UpstreamError) in
                    try await Self.ask(context.upstream, question)
                }
            }
            return Answer(index, isShared ? .coalesced : .miss)
        } catch {
            throw MirrorError(error)
        }
    }

    /// A server that does not know the API may answer anything, such as a page for people.
    private static func ask(
        _ upstream: any UpstreamFetcher, _ question: Question
    ) async throws(UpstreamError) -> FetchedManifest {
        let index = try await upstream.referrers(
            to: question.digest, in: question.repository, artifactType: question.artifactType)
        guard index.mediaType == .ociIndex else {
            throw UpstreamError(
                .notFound, "upstream does not list referrers: \(index.mediaType) is no index")
        }
        return index
    }
}
