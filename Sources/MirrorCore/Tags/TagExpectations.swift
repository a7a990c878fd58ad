internal import Synchronization

/// Which tags are known to name a manifest that is not held yet: clients were told of it, and
/// will ask for it by its digest.
final class TagExpectations: Sendable {
    /// Repositories remembered at most; beyond that any is forgotten.
    private static let repositoryLimit = 65_536
    /// Manifests of one repository remembered that nobody has asked for yet, the latest ones: a
    /// client that only looks at many tags must not make the mirror fetch them all.
    private static let manifestLimit = 4

    private struct Expectation {
        var digest: Digest
        var tags: Set<Tag>
    }

    private let expected = Mutex<[RepositoryName: [Expectation]]>([:])

    /// A client was told what a tag names.
    func expect(_ name: TagName, toName digest: Digest) {
        expected.withLock { expected in
            if expected.count >= Self.repositoryLimit, let any = expected.keys.first {
                expected[any] = nil
            }
            var list = expected[name.repository] ?? []
            // A tag names one manifest; what it named before is not expected for its sake.
            for index in list.indices { list[index].tags.remove(name.tag) }
            var tags: Set<Tag> = [name.tag]
            if let index = list.firstIndex(where: { $0.digest == digest }) {
                tags.formUnion(list.remove(at: index).tags)
            }
            list.removeAll(where: \.tags.isEmpty)
            list.append(Expectation(digest: digest, tags: tags))
            expected[name.repository] = list.suffix(Self.manifestLimit)
        }
    }

    /// The tags that wait for this manifest; they do no more.
    func take(_ digest: Digest, in repository: RepositoryName) -> Set<Tag> {
        expected.withLock { expected in
            guard var list = expected[repository],
                let index = list.firstIndex(where: { $0.digest == digest })
            else { return [] }
            let tags = list.remove(at: index).tags
            expected[repository] = list.isEmpty ? nil : list
            return tags
        }
    }

    /// The manifests of a repository that clients were told of and nobody has asked for.
    func digests(in repository: RepositoryName) -> [Digest] {
        expected.withLock { $0[repository]?.map(\.digest) ?? [] }
    }
}
