/// What a mirror knows of tags that are held: which manifest the store has them name, and when
/// upstream last confirmed that.
final class TagRecords: Sendable {
    let table: TagTable
    let index = TagIndex()
    let journal: TagJournal
    private let store: ContentStore
    private let logger: Logger

    init(_ store: ContentStore, time: any TimeSource, logger: Logger) {
        self.store = store
        self.logger = logger
        table = TagTable()
        journal = TagJournal(
            store.driver, table: table, index: index, time: time, logger: logger)
    }

    /// What is known of a tag, from memory or else from the store; a store that fails has
    /// nothing.
    func record(_ name: TagName) async -> TagRecord? {
        await journal.restore()
        if let record = table.record(name) { return record }
        guard let digest = try? await store.digest(of: name.tag, in: name.repository) else {
            return nil
        }
        index.didName(name, digest)
        table.didFind(name, digest)
        return table.record(name)
    }

    /// Writes down what a tag names; its manifest is held by now.
    func write(_ name: TagName, _ digest: Digest) async {
        // A write that fails half-way may have left a trace.
        defer { index.didName(name, digest) }
        do throws(StorageError) {
            try await store.set(name.tag, to: digest, in: name.repository)
            table.didWrite(name, digest)
        } catch {
            warn("tag cannot be stored", name, error)
        }
    }

    /// Forgets a tag that upstream does not have any more; what it named stays.
    func remove(_ name: TagName) async {
        do throws(StorageError) {
            try await store.remove(name.tag, in: name.repository)
            table.unlink(name)
        } catch {
            warn("tag cannot be removed", name, error)
        }
    }

    /// An item leaves, or has left, the store with the tags that lead to it.
    func didRemove(_ item: CachedItem, _ tags: Set<Tag>) {
        for tag in tags {
            table.unlink(TagName(repository: item.repository, tag: tag), from: item.digest)
        }
    }

    private func warn(_ message: String, _ name: TagName, _ error: StorageError) {
        logger.error(
            message, LogField("repository", name.repository.text),
            LogField("tag", name.tag.text), LogField("error", "\(error)"))
    }
}
