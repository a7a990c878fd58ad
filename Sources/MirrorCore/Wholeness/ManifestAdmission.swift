/// Lets a manifest that is held be served only if whoever pulls by it can have what it needs: from
/// what is held, or from upstream. A client that gets a manifest and not its layers is worse off
/// than one that gets neither, and goes to its next mirror.
final class ManifestAdmission: Sendable {
    private let context: CacheContext
    private let check: WholenessCheck
    private let questions: BlobQuestions
    private let losses: Losses
    private let checks = SingleFlight<CachedItem, Wholeness, Never>()
    private let confirmations = SingleFlight<CachedItem, Void, UpstreamError>()

    init(_ context: CacheContext, check: WholenessCheck, questions: BlobQuestions) {
        self.context = context
        self.check = check
        self.questions = questions
        losses = context.store.losses
    }

    /// Returns when a manifest may be served.
    ///
    /// - Parameter failure: what upstream said just now when it was asked what to serve.
    /// - Throws: when something that it needs is not held, and cannot be had.
    func admit(
        _ held: HeldManifest, after failure: UpstreamError? = nil
    ) async throws(MirrorError) {
        if held.proof.holds(after: losses) { return }
        let canBeHad =
            failure == nil && context.upstream.isAnswering(for: held.item.repository)
        // Then it is looked at now and then, so that what is whole is soon known to be.
        if canBeHad, !held.look.isDue(at: context.time.now) { return }
        guard case .lacks(let part) = await wholeness(of: held), !canBeHad else { return }
        do throws(UpstreamError) {
            try await confirm(part, after: failure)
        } catch {
            throw refusal(of: held.item, lacking: part, error)
        }
    }

    /// Looks, once for all who ask at the same time.
    private func wholeness(of held: HeldManifest) async -> Wholeness {
        await checks.value(for: held.item) { [check, losses] in
            // In this order: what is lost from now on concerns what is found now.
            let count = losses.count
            let wholeness = await check.wholeness(of: held)
            if case .stored(let digests) = wholeness { held.proof.set(digests, after: count) }
            return wholeness
        }.value
    }

    /// Finds out that upstream is there and has a part, or throws.
    private func confirm(
        _ part: CachedItem, after failure: UpstreamError?
    ) async throws(UpstreamError) {
        // Whoever waited for it in vain does not wait again.
        if let failure, failure.code == .unavailable { throw failure }
        if failure != nil { return try await ask(for: part) }
        _ = try await confirmations.value(for: part) { [self] () async throws(UpstreamError) in
            // It may have answered somebody since it was looked at whether it does.
            if context.upstream.isAnswering(for: part.repository) { return }
            try await ask(for: part)
        }
    }

    private func ask(for part: CachedItem) async throws(UpstreamError) {
        do throws(UpstreamError) {
            _ = try await questions.info(of: part)
        } catch {
            // Asked for a manifest as if it were a blob, an upstream that is there may well say no.
            let isAnswer = part.kind == .manifest && error.code == .notFound
            guard isAnswer, context.upstream.outlook(for: part.repository) != .closed else {
                throw error
            }
        }
    }

    private func refusal(
        of item: CachedItem, lacking part: CachedItem, _ error: UpstreamError
    ) -> MirrorError {
        context.logger.warning(
            "a manifest is held, but not what it needs, which cannot be had; it is not served",
            LogField("digest", item.digest.text), LogField("repository", item.repository.text),
            LogField("missing", part.digest.text), LogField("error", error.reason))
        let why =
            switch error.code {
            case .notFound: "upstream does not have it"
            case .denied: "upstream denies it"
            case .rateLimited, .unavailable, .invalid: "upstream cannot be asked for it"
            }
        return MirrorError(
            MirrorError(error).code,
            "the manifest \(item.digest) is held, but not the \(part.kind) \(part.digest) that it "
                + "needs, and \(why): \(error.reason)", retryAfter: error.retryAfter)
    }
}
