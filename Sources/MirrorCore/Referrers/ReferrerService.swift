/// What refers to a manifest, such as its signatures: asked of upstream each time, once for all
/// who ask at the same time, and kept for when upstream cannot say.
///
/// Where upstream has no API for it, what the tag names that stands for the list is the list.
final class ReferrerService: Sendable {
    /// A list that upstream confirms is written anew when it was written so long ago.
    private static let confirmationInterval = Duration.seconds(300)

    private let context: CacheContext
    private let tags: TagService
    private let freshness: any FreshnessChecker
    private let questions = SingleFlight<ReferrerQuestion, ReferrerPage, UpstreamError>()
    private let absences = Absences<ReferrerQuestion>()

    init(_ context: CacheContext, tags: TagService, freshness: any FreshnessChecker) {
        self.context = context
        self.tags = tags
        self.freshness = freshness
    }

    func referrers(
        to question: ReferrerQuestion, artifactType: String?
    ) async throws(MirrorError) -> Answer<ReferrerPage> {
        let answer = try await page(question)
        guard let artifactType else { return answer }
        guard let page = answer.content.filtered(by: artifactType) else {
            throw MirrorError(.invalid, "upstream's list of referrers is no JSON object")
        }
        return answer.map { _ in page }
    }

    private func page(
        _ question: ReferrerQuestion
    ) async throws(MirrorError) -> Answer<ReferrerPage> {
        do throws(MirrorError) { return try await ask(question) } catch {
            if let held = await held(question, after: UpstreamError(error)) { return held }
            throw error
        }
    }

    // MARK: Asking

    private func ask(
        _ question: ReferrerQuestion
    ) async throws(MirrorError) -> Answer<ReferrerPage> {
        let age = freshness.notFoundMaxAge(in: question.repository)
        do throws(UpstreamError) {
            let (page, isShared) = try await absences.check(question, for: age, by: context.time) {
                () async throws(UpstreamError) in
                try await questions.value(for: question) {
                    [self] () async throws(UpstreamError) in
                    let page = try await ask(context.upstream, question)
                    await keep(page, question)
                    return page
                }
            }
            return Answer(page, isShared ? .coalesced : .miss)
        } catch {
            // Whoever follows a link has had an answer of the API.
            guard error.code == .notFound, question.position == .start else {
                throw MirrorError(error)
            }
        }
        return try await askForTag(question)
    }

    /// A server that does not know the API may answer anything, such as a page for people.
    private func ask(
        _ upstream: any UpstreamFetcher, _ question: ReferrerQuestion
    ) async throws(UpstreamError) -> ReferrerPage {
        let page = try await upstream.referrers(
            to: question.subject, in: question.repository, from: question.position)
        guard page.index.mediaType == .ociIndex else {
            throw UpstreamError(
                .notFound,
                "upstream does not list referrers: \(page.index.mediaType) is no index")
        }
        return page
    }

    private func askForTag(
        _ question: ReferrerQuestion
    ) async throws(MirrorError) -> Answer<ReferrerPage> {
        let answer: Answer<ReferrerPage>
        do throws(MirrorError) {
            answer = try await tags.manifest(
                question.tag, in: question.repository, for: .text
            ).map(ReferrerPage.init)
        } catch {
            guard error.code == .notFound else { throw error }
            answer = Answer(.empty, .miss)
        }
        // What is held of a tag that upstream cannot tell of was kept before.
        if answer.warning == nil { await keep(answer.content, question) }
        return answer
    }

    // MARK: Keeping

    private func keep(_ page: ReferrerPage, _ question: ReferrerQuestion) async {
        guard question.position == .start,
            page.index.bytes.count <= ContentStore.referrersByteLimit
        else { return }
        let held = HeldReferrers(page, to: question, at: context.time.now)
        do throws(StorageError) {
            let known = try await context.store.referrers(question)
            if let known, known.page == page,
                held.fetchedAt - known.fetchedAt < Self.confirmationInterval
            {
                return
            }
            try await context.store.put(held)
        } catch {
            context.logger.warning(
                "a list of referrers cannot be kept",
                LogField("digest", question.subject.text),
                LogField("repository", question.repository.text), LogField("error", "\(error)"))
        }
    }

    /// What upstream said before, if it may be served after `error`.
    private func held(
        _ question: ReferrerQuestion, after error: UpstreamError
    ) async -> Answer<ReferrerPage>? {
        let now = context.time.now
        guard question.position == .start,
            let held = try? await context.store.referrers(question),
            freshness.mayServe(question.record(checkedAt: held.fetchedAt), after: error, at: now)
        else { return nil }
        return Answer(
            held.page, .stale, age: max(.zero, now - held.fetchedAt),
            warning: TagResolver.warning(error.reason))
    }
}

extension ReferrerPage {
    /// The list that a tag names; nothing where it names something else.
    fileprivate init(_ manifest: Manifest) {
        self = .empty
        guard manifest.mediaType == .ociIndex else { return }
        index.bytes = manifest.bytes
    }
}
