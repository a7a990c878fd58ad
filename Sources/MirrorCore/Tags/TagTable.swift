internal import Synchronization

/// What this process knows of tags, in memory: which manifest the store has each tag name, and
/// what upstream last said of it.
final class TagTable: Sendable {
    /// Tags remembered at most; beyond that any may be forgotten, which costs a question.
    private let countLimit: Int

    private struct Entry {
        /// What the tag names in the store, where that has been looked up.
        var linked: Digest?
        /// When upstream last said that it names that.
        var confirmedAt: WallTime?
        /// What upstream said that it names, where that is not, or not known to be, the same.
        var other: TagCheck?

        /// What upstream said last of what the store has the tag name; of anything else where
        /// it has said nothing of that.
        var check: TagCheck? {
            guard let linked, let confirmedAt else { return other }
            return TagCheck(digest: linked, at: confirmedAt)
        }

        mutating func link(to digest: Digest) {
            if linked == digest { return }
            let isChecked = other?.digest == digest
            linked = digest
            confirmedAt = isChecked ? other?.at : nil
            if isChecked { other = nil }
        }

        mutating func unlink() {
            other = check
            linked = nil
            confirmedAt = nil
        }
    }

    private struct State {
        var entries: [RepositoryName: [Tag: Entry]] = [:]
        var count = 0
        /// Tags of which upstream said something that has not been written down.
        var changed: Set<TagName> = []

        mutating func forgetAny() {
            guard let (repository, tags) = entries.first, let tag = tags.keys.first else { return }
            entries[repository]?[tag] = nil
            if tags.count == 1 { entries[repository] = nil }
            changed.remove(TagName(repository: repository, tag: tag))
            count -= 1
        }
    }

    private let state = Mutex(State())

    init(countLimit: Int = 65_536) {
        self.countLimit = countLimit
    }

    // MARK: What upstream says

    /// Upstream said what a tag names.
    func didCheck(_ name: TagName, _ digest: Digest, at now: WallTime) {
        update(name, isNews: true) { entry in
            if entry.linked == digest {
                entry.confirmedAt = now
                entry.other = nil
            } else {
                entry.other = TagCheck(digest: digest, at: now)
            }
        }
    }

    /// Takes over what upstream said to a process before this; what this one heard counts more.
    func restore(_ name: TagName, _ check: TagCheck) {
        update(name) { entry in
            if entry.linked == nil, entry.other == nil { entry.other = check }
        }
    }

    // MARK: What the store has

    /// What the store has a tag name; nil when that has not been looked up.
    func record(_ name: TagName) -> TagRecord? {
        state.withLock { state in
            guard let entry = state.entries[name.repository]?[name.tag],
                let digest = entry.linked
            else { return nil }
            return TagRecord(
                repository: name.repository, tag: name.tag, digest: digest,
                checkedAt: entry.confirmedAt)
        }
    }

    /// A tag was found to name a manifest in the store.
    func didFind(_ name: TagName, _ digest: Digest) {
        update(name) { entry in
            // Whoever wrote to the store meanwhile knows better.
            if entry.linked == nil { entry.link(to: digest) }
        }
    }

    /// A tag names a manifest in the store from now on.
    func didWrite(_ name: TagName, _ digest: Digest) {
        update(name, isNews: true) { entry in entry.link(to: digest) }
    }

    /// What a tag names in the store has to be looked up again.
    func unlink(_ name: TagName) {
        state.withLock { $0.entries[name.repository]?[name.tag]?.unlink() }
    }

    /// What a tag names in the store has to be looked up again, if that is known to be `digest`.
    func unlink(_ name: TagName, from digest: Digest) {
        state.withLock { state in
            guard state.entries[name.repository]?[name.tag]?.linked == digest else { return }
            state.entries[name.repository]?[name.tag]?.unlink()
        }
    }

    // MARK: For the journal

    /// What upstream said last of each tag since this was called before.
    func takeChanges() -> [TagName: TagCheck] {
        state.withLock { state in
            defer { state.changed = [] }
            let known = state.changed.compactMap { name in
                state.entries[name.repository]?[name.tag]?.check.map { (name, $0) }
            }
            return Dictionary(uniqueKeysWithValues: known)
        }
    }

    /// Changes that could not be written down: they are to be taken again.
    func putBack(_ changes: [TagName: TagCheck]) {
        state.withLock { $0.changed.formUnion(changes.keys) }
    }

    /// What upstream said last of every tag.
    var checks: [TagName: TagCheck] {
        state.withLock { state in
            var checks: [TagName: TagCheck] = [:]
            for (repository, entries) in state.entries {
                for (tag, entry) in entries {
                    checks[TagName(repository: repository, tag: tag)] = entry.check
                }
            }
            return checks
        }
    }

    private func update(
        _ name: TagName, isNews: Bool = false, _ body: (inout Entry) -> Void
    ) {
        state.withLock { state in
            if state.entries[name.repository]?[name.tag] == nil {
                if state.count >= countLimit { state.forgetAny() }
                state.count += 1
            }
            body(&state.entries[name.repository, default: [:]][name.tag, default: Entry()])
            if isNews { state.changed.insert(name) }
        }
    }
}

/// What upstream said that a tag names, and when.
struct TagCheck: Hashable, Sendable {
    var digest: Digest
    var at: WallTime
}
