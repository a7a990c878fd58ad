internal import Synchronization

/// A tag of a repository.
struct TagName: Hashable, Sendable {
    var repository: RepositoryName
    var tag: Tag
}

/// What this process has learnt of tags, in memory: when each was checked, and which are known
/// to name a manifest that is not held yet.
final class TagTable: Sendable {
    /// Tags remembered at most; beyond that any may be forgotten, which costs a question.
    private static let countLimit = 65_536
    /// Manifests of one repository remembered that nobody has asked for yet, the latest ones: a
    /// client that only looks at many tags must not make the mirror fetch them all.
    private static let expectedLimit = 4

    private struct Check {
        var digest: Digest
        var at: WallTime
    }

    private struct State {
        var checks: [TagName: Check] = [:]
        var expected: [RepositoryName: [Expectation]] = [:]
    }

    /// A manifest that clients were told of, and the tags that name it.
    private struct Expectation {
        var digest: Digest
        var tags: Set<Tag>
    }

    private let state = Mutex(State())

    /// Upstream said what a tag names.
    func didCheck(_ name: TagName, _ digest: Digest, at now: WallTime) {
        state.withLock { state in
            if state.checks.count >= Self.countLimit, state.checks[name] == nil,
                let any = state.checks.keys.first
            {
                state.checks[any] = nil
            }
            state.checks[name] = Check(digest: digest, at: now)
        }
    }

    /// When upstream last said that a tag names `digest`.
    func checkedAt(_ name: TagName, naming digest: Digest) -> WallTime? {
        state.withLock { state in
            guard let check = state.checks[name], check.digest == digest else { return nil }
            return check.at
        }
    }

    /// A client was told what a tag names, and will ask for that by its digest.
    func expect(_ name: TagName, toName digest: Digest) {
        state.withLock { state in
            if state.expected.count >= Self.countLimit, let any = state.expected.keys.first {
                state.expected[any] = nil
            }
            var list = state.expected[name.repository] ?? []
            // A tag names one manifest; what it named before is not expected for its sake.
            for index in list.indices { list[index].tags.remove(name.tag) }
            var tags: Set<Tag> = [name.tag]
            if let index = list.firstIndex(where: { $0.digest == digest }) {
                tags.formUnion(list.remove(at: index).tags)
            }
            list.removeAll(where: \.tags.isEmpty)
            list.append(Expectation(digest: digest, tags: tags))
            state.expected[name.repository] = list.suffix(Self.expectedLimit)
        }
    }

    /// The tags that wait for this manifest; they do no more.
    func takeExpected(_ digest: Digest, in repository: RepositoryName) -> Set<Tag> {
        state.withLock { state in
            guard var list = state.expected[repository],
                let index = list.firstIndex(where: { $0.digest == digest })
            else { return [] }
            let tags = list.remove(at: index).tags
            state.expected[repository] = list.isEmpty ? nil : list
            return tags
        }
    }

    /// The manifests of a repository that clients were told of and nobody has asked for.
    func expected(in repository: RepositoryName) -> [Digest] {
        state.withLock { $0.expected[repository]?.map(\.digest) ?? [] }
    }
}
