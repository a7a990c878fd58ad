internal import Synchronization

/// Manifests in memory: a hit needs no storage.
final class ManifestsAtHand: Sendable {
    /// Bytes of manifests kept at most.
    private static let byteLimit = 32 << 20

    private let cache = Mutex(BoundedCache<CachedItem, HeldManifest>(weightLimit: byteLimit))

    func manifest(for item: CachedItem) -> HeldManifest? {
        cache.withLock { $0.value(for: item) }
    }

    @discardableResult
    func insert(_ manifest: Manifest, for item: CachedItem) -> HeldManifest {
        let held = HeldManifest(manifest, for: item)
        // What its proof rests on comes on top.
        let weight = manifest.bytes.count + 512 + 96 * manifest.parts.count
        cache.withLock { $0.insert(held, for: item, weight: weight) }
        return held
    }

    func remove(_ item: CachedItem) {
        cache.withLock { $0.remove(item) }
    }

    /// The bytes of a manifest, whichever repository has it. Looks at all there is.
    func bytes(of digest: Digest) -> [UInt8]? {
        cache.withLock { $0.first { $0.digest == digest } }?.manifest.bytes
    }
}

/// Open blobs: a hit needs no call that may block.
final class BlobsAtHand: Sendable {
    /// Blobs kept open at most; each may hold a descriptor.
    private static let countLimit = 1024

    private let cache = Mutex(BlobsAtHand.empty)

    private static var empty: BoundedCache<CachedItem, StoredContent> {
        BoundedCache(weightLimit: countLimit)
    }

    /// The content of an item, unless it was found damaged since it was opened.
    func content(for item: CachedItem) -> StoredContent? {
        let content = cache.withLock { $0.value(for: item) }
        return content?.isSound == true ? content : nil
    }

    func insert(_ content: StoredContent, for item: CachedItem) {
        cache.withLock { $0.insert(content, for: item, weight: 1) }
    }

    func remove(_ item: CachedItem) {
        cache.withLock { $0.remove(item) }
    }

    /// Closes blobs that nobody has asked for since this was called before: what is open counts
    /// as in use, and is not removed by another mirror over the same storage.
    func closeIdle() {
        cache.withLock { $0.removeIdle() }
    }

    /// Closes all.
    func close() {
        cache.withLock { $0 = Self.empty }
    }

    /// Lets go of a blob for all repositories. Looks at all there is.
    func close(_ digest: Digest) {
        cache.withLock { $0.removeAll { item, _ in item.digest == digest } }
    }
}
