internal import MirrorCore

/// A question by which a registry tells whether it lets somebody read, and that costs no pull.
enum AccessProbe: Hashable, Sendable {
    case base
    case manifest(Reference, in: RepositoryName)
    case blob(Digest, in: RepositoryName)
    case tags(in: RepositoryName)

    /// The best question about what a client asks for.
    ///
    /// - Parameter witness: a manifest that the repository was seen to have. Not every registry
    ///   lets HEAD of a blob pass with a good token.
    init(_ scope: AccessScope, witness: (RepositoryName) -> Reference?) {
        switch scope {
        case .base, .catalog: self = .base
        case .pull(let repository, .manifest(let reference)):
            self = .manifest(reference, in: repository)
        case .pull(let repository, .blob(let digest)):
            self =
                witness(repository).map { .manifest($0, in: repository) }
                ?? .blob(digest, in: repository)
        case .pull(let repository, .referrers(let digest)):
            self = .manifest(.digest(digest), in: repository)
        case .pull(let repository, .tags): self = .tags(in: repository)
        }
    }

    /// The repository that it is about; nil where it is about none.
    var repository: RepositoryName? {
        switch self {
        case .base: nil
        case .manifest(_, let repository), .blob(_, let repository), .tags(let repository):
            repository
        }
    }
}

/// What a registry says to a probe.
enum AccessAnswer: Hashable, Sendable {
    case granted
    /// Other credentials may do, as the values of `WWW-Authenticate` say.
    case unauthorized(challenges: [String])
    case denied
    /// It does not have what the probe asked for, or does not show it. That says nothing of the
    /// rest of a repository.
    case notFound
}

/// Asks an upstream what somebody's credentials allow.
protocol AccessUpstream: Sendable {
    /// What the upstream answers to whoever shows `authorization`, or to nobody. It is sent to
    /// the upstream's own origin and nowhere else.
    ///
    /// - Throws: when the upstream cannot say.
    func answer(
        to probe: AccessProbe, with authorization: Secret?
    ) async throws(UpstreamError) -> AccessAnswer
}

/// Asks within what an upstream bears.
struct BudgetedAccess: AccessUpstream {
    let base: any AccessUpstream
    let budget: BudgetedUpstream

    func answer(
        to probe: AccessProbe, with authorization: Secret?
    ) async throws(UpstreamError) -> AccessAnswer {
        try await budget.ask(forAnotherAbout: probe.repository) {
            () async throws(UpstreamError) in
            try await base.answer(to: probe, with: authorization)
        }
    }
}
